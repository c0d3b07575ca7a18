#include "domain/drift.hpp"

#include <algorithm>

#include "domain/shortened.hpp"

namespace tributary::domain {

namespace {

/// In bytes.
constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_enumeration_text = 64;
/// Fewer digits are a version or a line of an address; more may be somebody's number.
constexpr std::ptrdiff_t telling_digits = 5;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

bool has_telling_digits(std::string_view text) {
    return std::ranges::count_if(text, is_digit) >= telling_digits;
}

}  // namespace

std::string field_name(std::string_view key) {
    const bool named = !key.empty() && key.size() <= longest_name && !is_digit(key.front()) &&
                       std::ranges::all_of(key, is_name_character) && !has_telling_digits(key);
    return named ? std::string(key) : "{}";
}

std::string enumeration_text(std::string_view text) {
    const bool telling = text.find('@') != std::string_view::npos || has_telling_digits(text);
    return telling ? "string" : shortened(text, longest_enumeration_text);
}

void DriftCounts::add(std::span<const DriftNote> notes) {
    for (const DriftNote& note : notes) {
        const DriftNote kept{note.kind, shortened(note.path, longest_text),
                             shortened(note.found, longest_text)};
        if (seen.size() < most_drift_a_run || seen.contains(kept)) {
            ++seen[kept];
        } else {
            ++left_out;
        }
    }
}

std::vector<DriftSighting> sightings_of(const std::string& stream, const DriftCounts& counts) {
    std::vector<DriftSighting> sightings;
    for (const auto& [note, times] : counts.seen) {
        sightings.push_back({stream, note, times});
    }
    if (counts.left_out > 0) {
        sightings.push_back(further_drift(stream, counts.left_out));
    }
    return sightings;
}

DriftSighting further_drift(const std::string& stream, std::uint64_t times) {
    return {stream, {DriftKind::other, "", "more than are kept one by one"}, times};
}

Uuid drift_id(const Uuid& tenant, std::string_view provider, const DriftSighting& sighting) {
    std::string fingerprint = "drift";
    for (const std::string_view part :
         {provider, std::string_view(sighting.stream), std::string_view(name_of(sighting.note.kind)),
          std::string_view(sighting.note.path), std::string_view(sighting.note.found)}) {
        // The length tells where a part ends, whatever it holds.
        fingerprint += '\x1f' + std::to_string(part.size()) + ':' + std::string(part);
    }
    return named_uuid(tenant, fingerprint);
}

}  // namespace tributary::domain
