// Differences between what providers send and what we know of them, as they are counted and kept. Pure.
//
// An entry is known by its fingerprint: tenant, provider, stream, kind, path and what was found. No entry
// holds a value of a personal field: a path has names of fields alone, and what was found is a JSON type or
// the text of an enumeration that describes no person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/observation.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain {

/// Fingerprints that a run counts of one stream, and entries that are kept of one stream of a provider.
/// A provider that changes everything must not make a list that nobody can read.
inline constexpr std::size_t most_drift_a_run = 200;
inline constexpr std::size_t most_drift_entries = 1'000;

/// `key` where it can be the name of a field: letters, digits, '-' and '_', not beginning with a digit and
/// with fewer than five digits in all. "{}" for any other: maps may be keyed by what their values are about
/// (an e-mail, an account number), and those keys are values.
std::string field_name(std::string_view key);

/// What a note may show of the text of an enumeration: the text, shortened, unless it has an '@' or five
/// digits, as e-mails and numbers of people do that stand in the wrong place; then its JSON type.
std::string enumeration_text(std::string_view text);

/// What a run found in one stream, counted.
struct DriftCounts {
    /// Paths and findings are cut to what a person can read.
    std::map<DriftNote, std::uint64_t> seen;
    /// Notes that came when `seen` was full and are not in it.
    std::uint64_t left_out = 0;

    void add(std::span<const DriftNote> notes);
};

/// One fingerprint of one stream, and how often a run saw it.
struct DriftSighting {
    std::string stream;
    DriftNote note;
    std::uint64_t times = 0;
};

/// The counts of a stream as sightings. What was left out is one more: `other` without a path.
std::vector<DriftSighting> sightings_of(const std::string& stream, const DriftCounts& counts);
/// The sighting that stands for all that are not kept themselves.
DriftSighting further_drift(const std::string& stream, std::uint64_t times);

/// The id of the entry with this fingerprint.
Uuid drift_id(const Uuid& tenant, std::string_view provider, const DriftSighting& sighting);

}  // namespace tributary::domain
