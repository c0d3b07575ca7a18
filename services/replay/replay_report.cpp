#include "services/replay/replay_report.hpp"

#include <algorithm>

#include "domain/shortened.hpp"

namespace tributary::replay {

namespace {

/// A provider's own lists of names may end up in paths; a report has an end all the same.
constexpr std::size_t most_fields = 500;
constexpr std::size_t longest_path = 120;
constexpr std::size_t most_reasons = 20;
constexpr std::size_t most_examples = 5;
constexpr auto others = "(others)";

/// The entry of this name, or that of all others where there is no room.
template <class T>
T& entry_of(std::map<std::string, T>& entries, const std::string& name, std::size_t most) {
    const bool room = entries.size() < most || entries.contains(name);
    return entries[room ? name : others];
}

void count(FieldCounts& counts, FieldChangeKind kind) {
    switch (kind) {
        case FieldChangeKind::added:
            ++counts.added;
            break;
        case FieldChangeKind::removed:
            ++counts.removed;
            break;
        case FieldChangeKind::changed:
            ++counts.changed;
            break;
    }
}

}  // namespace

void StreamReplay::add(const domain::Uuid& entity, const std::vector<FieldChange>& changes) {
    ++versions_;
    if (changes.empty()) {
        return;
    }
    ++differing_;
    for (const FieldChange& change : changes) {
        count(entry_of(fields_, domain::shortened(change.path, longest_path), most_fields), change.kind);
    }
    const bool shown = std::ranges::find(examples_, entity) != examples_.end();
    if (!shown && examples_.size() < most_examples) {
        examples_.push_back(entity);
    }
}

void StreamReplay::add_refused(const std::string& reason) {
    ++versions_;
    ++entry_of(refused_, domain::shortened(reason, longest_path), most_reasons);
}

void StreamReplay::add_uncompared() {
    ++versions_;
    ++uncompared_;
}

void StreamReplay::add_rewritten(std::uint64_t objects) {
    rewritten_ += objects;
}

std::uint64_t StreamReplay::refused() const {
    std::uint64_t all = 0;
    for (const auto& [reason, times] : refused_) {
        all += times;
    }
    return all;
}

json::Object StreamReplay::to_json() const {
    json::Array reasons;
    for (const auto& [reason, times] : refused_) {
        reasons.emplace_back(json::Object{{"reason", reason}, {"count", times}});
    }
    json::Array fields;
    for (const auto& [field, counts] : fields_) {
        fields.emplace_back(json::Object{{"field", field},
                                         {"added", counts.added},
                                         {"removed", counts.removed},
                                         {"changed", counts.changed}});
    }
    json::Array examples;
    for (const domain::Uuid& entity : examples_) {
        examples.emplace_back(to_text(entity));
    }
    return {{"stream", stream_},           {"versions", versions_},          {"differing", differing_},
            {"rewritten", rewritten_},     {"uncompared", uncompared_},      {"refused", std::move(reasons)},
            {"fields", std::move(fields)}, {"examples", std::move(examples)}};
}

json::Object ReplayReport::to_json() const {
    json::Array all;
    for (const StreamReplay& stream : streams) {
        all.emplace_back(stream.to_json());
    }
    return {{"streams", std::move(all)}};
}

}  // namespace tributary::replay
