#include "services/sync/stream_report.hpp"

#include <charconv>
#include <string_view>
#include <utility>

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

constexpr std::pair<std::string_view, std::uint64_t StreamReport::*> figures[] = {
    {"requests", &StreamReport::requests},
    {"items", &StreamReport::items},
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
    {"fetched_at", &StreamReport::fetched_at}, {"verified_complete_at", &StreamReport::verified_complete_at}};

std::string text_in(const json::Value& tree, std::string_view key) {
    const json::Value* value = tree.find(key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

std::uint64_t figure_in(const json::Value& tree, std::string_view key) {
    const json::Value* value = tree.find(key);
    const json::Number* number = value == nullptr ? nullptr : value->if_number();
    std::uint64_t figure = 0;
    if (number != nullptr) {
        std::from_chars(number->lexeme.data(), number->lexeme.data() + number->lexeme.size(), figure);
    }
    return figure;
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

StreamReport StreamReport::from_json(const json::Value& tree) {
    StreamReport report;
    report.stream = text_in(tree, "stream");
    report.verdict = text_in(tree, "verdict");
    report.reason = text_in(tree, "reason");
    for (const auto& [name, figure] : figures) {
        report.*figure = figure_in(tree, name);
    }
    for (const auto& [name, time] : times) {
        report.*time = domain::parse_timestamp(text_in(tree, name));
    }
    report.proposal = domain::parse_uuid(text_in(tree, "proposal"));
    const json::Value* evidence = tree.find("evidence");
    if (evidence != nullptr && evidence->if_object() != nullptr) {
        report.evidence = *evidence->if_object();
    }
    const json::Value* drift = tree.find("drift");
    if (drift != nullptr && drift->if_array() != nullptr) {
        for (const json::Value& note : *drift->if_array()) {
            report.drift[{domain::value_named<domain::DriftKind>(text_in(note, "kind")),
                          text_in(note, "path"), text_in(note, "found")}] = figure_in(note, "count");
        }
    }
    if (const json::Value* error = tree.find("error")) {
        report.error = domain::Error{domain::errc_named(text_in(*error, "code")), text_in(*error, "detail")};
    }
    return report;
}

}  // namespace tributary::sync
