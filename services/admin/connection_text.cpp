#include "services/admin/connection_text.hpp"

#include "domain/json/parse.hpp"
#include "services/admin/connection_request.hpp"

namespace tributary::admin {

namespace {

void put(json::Object& out, std::string_view key, json::Value value) {
    out.push_back({std::string(key), std::move(value)});
}

void put_time(json::Object& out, std::string_view key, const std::optional<domain::Timestamp>& at) {
    if (at) {
        put(out, key, domain::to_text(*at));
    }
}

void put_text(json::Object& out, std::string_view key, const std::string& text) {
    if (!text.empty()) {
        put(out, key, text);
    }
}

json::Value tree_of(const std::string& text) {
    auto parsed = json::parse(text.empty() ? "{}" : text);
    return parsed ? std::move(parsed->root) : json::Value(json::Object{});
}

json::Object stream_object(const domain::ports::StreamState& state) {
    json::Object out;
    put(out, "stream", state.stream);
    put_text(out, "verdict", state.verdict);
    put_text(out, "reason", state.reason);
    put_time(out, "fetched_at", state.fetched_at);
    put_time(out, "verified_complete_at", state.verified_complete_at);
    put_time(out, "changed_at", state.changed_at);
    put(out, "evidence", tree_of(state.evidence));
    return out;
}

}  // namespace

json::Object connection_object(const domain::ports::ConnectionView& connection) {
    json::Object out;
    put(out, "id", to_text(connection.id));
    put(out, "name", connection.name);
    put(out, "provider", connection.provider);
    put(out, "environment", domain::name_of(connection.environment));
    put(out, "base_url", connection.base_url);
    put(out, "schedule", schedule_text(connection.period));
    put(out, "settings", tree_of(connection.settings));
    put(out, "status", domain::name_of(connection.status));
    put_text(out, "status_reason", connection.status_reason);
    put_text(out, "next_step", connection.next_step);
    put(out, "created_at", domain::to_text(connection.created_at));
    put_time(out, "next_due_at", connection.next_due_at);
    if (connection.last_run_id) {
        put(out, "last_run_id", to_text(*connection.last_run_id));
    }
    json::Array streams;
    for (const domain::ports::StreamState& state : connection.streams) {
        streams.emplace_back(stream_object(state));
    }
    put(out, "streams", std::move(streams));
    return out;
}

json::Object run_object(const domain::ports::RunView& run) {
    json::Object out;
    put(out, "id", to_text(run.id));
    put(out, "connection_id", to_text(run.connection_id));
    put(out, "cause", run.cause);
    put(out, "state", run.state);
    put(out, "requested_at", domain::to_text(run.requested_at));
    put_time(out, "started_at", run.started_at);
    put_time(out, "finished_at", run.finished_at);
    if (!run.error_code.empty()) {
        put(out, "error", json::Object{{"code", run.error_code}, {"detail", run.error_detail}});
    }
    put(out, "report", tree_of(run.report));
    return out;
}

}  // namespace tributary::admin
