#include "services/admin/drift_text.hpp"

#include <utility>

#include "domain/json/parse.hpp"

namespace tributary::admin {

json::Object drift_object(const domain::ports::DriftEntry& entry) {
    json::Object out{{"id", to_text(entry.id)},
                     {"provider", entry.provider},
                     {"stream", entry.stream},
                     {"kind", name_of(entry.note.kind)},
                     {"path", entry.note.path},
                     {"found", entry.note.found},
                     {"state", entry.state},
                     {"times", entry.times},
                     {"first_seen_at", domain::to_text(entry.first_seen_at)},
                     {"last_seen_at", domain::to_text(entry.last_seen_at)},
                     {"connection_id", to_text(entry.connection_id)},
                     {"run_id", to_text(entry.run_id)}};
    if (entry.accepted_by) {
        out.push_back({"accepted_by", *entry.accepted_by});
    }
    if (entry.accepted_at) {
        out.push_back({"accepted_at", domain::to_text(*entry.accepted_at)});
    }
    return out;
}

json::Object quarantine_object(const domain::ports::QuarantineEntry& entry) {
    return {{"id", to_text(entry.id)},
            {"connection_id", to_text(entry.stream.connection_id)},
            {"stream", entry.stream.stream},
            {"reason", entry.reason},
            {"state", entry.state},
            {"first_seen_at", domain::to_text(entry.first_seen_at)},
            {"last_seen_at", domain::to_text(entry.last_seen_at)}};
}

json::Object quarantined_object(const domain::ports::QuarantinedObject& object) {
    json::Object out = quarantine_object(object.entry);
    auto parsed = json::parse(object.raw);
    out.push_back({"raw", parsed ? std::move(parsed->root) : json::Value(object.raw)});
    return out;
}

json::Object reprocessed_object(const sync::Reprocessed& done) {
    return {{"id", to_text(done.id)},
            {"connection_id", to_text(done.stream.connection_id)},
            {"stream", done.stream.stream},
            {"outcome", done.outcome}};
}

}  // namespace tributary::admin
