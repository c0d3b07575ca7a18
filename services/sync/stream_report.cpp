#include "services/sync/stream_report.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "domain/json/codec.hpp"

namespace tributary::sync {

namespace {

constexpr std::pair<std::string_view, std::uint64_t StreamReport::*> figures[] = {
    {"requests", &StreamReport::requests},
    {"items_read", &StreamReport::items},
    {"created", &StreamReport::created},
    {"changed", &StreamReport::changed},
    {"unchanged", &StreamReport::unchanged},
    {"stale", &StreamReport::stale},
    {"removed", &StreamReport::removed},
    {"held_removals", &StreamReport::held_removals},
    {"left_removals", &StreamReport::left_removals},
    {"kept_removals", &StreamReport::kept_removals},
    {"quarantined", &StreamReport::quarantined}};

constexpr std::pair<std::string_view, std::optional<domain::Timestamp> StreamReport::*> times[] = {
    {"fetched_at", &StreamReport::fetched_at},
    {"verified_complete_at", &StreamReport::verified_complete_at},
    {"changed_at", &StreamReport::changed_at}};

/// A member of what to_json() wrote; empty or zero where it is missing.
template <class T = std::string>
T member(const json::Object& from, std::string_view name) {
    T value{};
    json::read_member(from, name, value);
    return value;
}

std::optional<domain::Error> error_in(const json::Object& report) {
    const json::Value* found = json::find(report, "error");
    const json::Object* told = found == nullptr ? nullptr : found->if_object();
    if (told == nullptr) {
        return std::nullopt;
    }
    domain::Error error{domain::errc_named(member(*told, "code")), member(*told, "detail")};
    if (const auto pause = member<std::int64_t>(*told, "retry_after_seconds"); pause > 0) {
        error.retry_after = std::chrono::seconds(pause);
    }
    return error;
}

}  // namespace

void StreamReport::add(const view::PageCounts& counts) {
    created += counts.created;
    changed += counts.changed;
    unchanged += counts.unchanged;
    stale += counts.stale;
    removed += counts.removed;
    quarantined += counts.quarantined;
}

void StreamReport::note_changes(std::optional<domain::Timestamp> newest, const view::PageCounts& counts) {
    if (!newest && counts.created + counts.changed > 0) {
        newest = fetched_at;
    }
    changed_at = std::max(changed_at, newest);
}

std::optional<domain::Timestamp> newest_change(const domain::Page& page, domain::Timestamp now) {
    std::optional<domain::Timestamp> newest;
    for (const domain::Observation& seen : page.observations) {
        if (seen.source_updated_at && *seen.source_updated_at <= now) {
            newest = std::max(newest, seen.source_updated_at);
        }
    }
    return newest;
}

json::Object StreamReport::to_json() const {
    json::Object out;
    const auto put = [&](std::string_view key, json::Value value) {
        out.push_back({std::string(key), std::move(value)});
    };
    put("stream", stream);
    put("verdict", verdict);
    if (!reason.empty()) {
        put("reason", reason);
    }
    for (const auto& [name, figure] : figures) {
        put(name, this->*figure);
    }
    put("evidence", evidence);
    for (const auto& [name, time] : times) {
        if (this->*time) {
            put(name, domain::to_text(*(this->*time)));
        }
    }
    if (proposal) {
        put("proposal", to_text(*proposal));
    }
    if (!drift.seen.empty()) {
        json::Array notes;
        for (const auto& [note, count] : drift.seen) {
            notes.emplace_back(json::Object{
                {"kind", name_of(note.kind)}, {"path", note.path}, {"found", note.found}, {"count", count}});
        }
        put("drift", std::move(notes));
    }
    if (drift.left_out > 0) {
        put("drift_left_out", drift.left_out);
    }
    if (skipped) {
        put("skipped", true);
    }
    if (error) {
        json::Object told{{"code", name_of(error->code)}, {"detail", error->detail}};
        if (error->retry_after) {
            told.push_back({"retry_after_seconds", error->retry_after->count()});
        }
        put("error", std::move(told));
    }
    return out;
}

StreamReport StreamReport::from_json(const json::Value& tree) {
    StreamReport report;
    const json::Object* told = tree.if_object();
    if (told == nullptr) {
        return report;
    }
    report.stream = member(*told, "stream");
    report.verdict = member(*told, "verdict");
    report.reason = member(*told, "reason");
    for (const auto& [name, figure] : figures) {
        report.*figure = member<std::uint64_t>(*told, name);
    }
    for (const auto& [name, time] : times) {
        report.*time = domain::parse_timestamp(member(*told, name));
    }
    report.proposal = domain::parse_uuid(member(*told, "proposal"));
    report.evidence = member<json::Object>(*told, "evidence");
    const json::Value* drift = json::find(*told, "drift");
    if (drift != nullptr && drift->if_array() != nullptr) {
        for (const json::Value& seen : *drift->if_array()) {
            if (const json::Object* note = seen.if_object()) {
                report.drift.seen[{domain::value_named<domain::DriftKind>(member(*note, "kind")),
                                   member(*note, "path"), member(*note, "found")}] =
                    member<std::uint64_t>(*note, "count");
            }
        }
    }
    report.drift.left_out = member<std::uint64_t>(*told, "drift_left_out");
    report.skipped = member<bool>(*told, "skipped");
    report.error = error_in(*told);
    return report;
}

}  // namespace tributary::sync
