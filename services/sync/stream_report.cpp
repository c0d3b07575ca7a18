#include "services/sync/stream_report.hpp"

namespace tributary::sync {

namespace {

/// A provider that changes everything must not make a report that nobody can read.
constexpr std::size_t max_drift_entries = 200;
/// In bytes. Nor must one with endless keys.
constexpr std::size_t longest_note = 200;

/// At most longest_note bytes, whole UTF-8 characters; what was cut shows it.
std::string shortened(const std::string& text) {
    static constexpr std::string_view cut_mark = "...";
    if (text.size() <= longest_note) {
        return text;
    }
    std::size_t end = longest_note - cut_mark.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end).append(cut_mark);
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

void StreamReport::add_drift(const domain::Page& page) {
    for (const domain::DriftNote& seen : page.drift) {
        const domain::DriftNote note{seen.kind, shortened(seen.path), shortened(seen.found)};
        if (drift.contains(note) || drift.size() < max_drift_entries) {
            ++drift[note];
        }
    }
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
    put("requests", requests);
    put("items", items);
    put("created", created);
    put("changed", changed);
    put("unchanged", unchanged);
    put("stale", stale);
    put("removed", removed);
    put("held_removals", held_removals);
    put("quarantined", quarantined);
    put("evidence", evidence);
    if (!drift.empty()) {
        json::Array notes;
        for (const auto& [note, count] : drift) {
            notes.emplace_back(json::Object{
                {"kind", name_of(note.kind)}, {"path", note.path}, {"found", note.found}, {"count", count}});
        }
        put("drift", std::move(notes));
    }
    if (error) {
        put("error", json::Object{{"code", name_of(error->code)}, {"detail", error->detail}});
    }
    return out;
}

}  // namespace tributary::sync
