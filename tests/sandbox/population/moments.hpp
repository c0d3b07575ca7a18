// Timestamps of the population, in the forms providers write them. All before 2026, so that a change made
// while the sandbox runs is always the newest.
#pragma once

#include <string>

#include "domain/time.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

/// An instant between 2019 and 2024.
domain::Timestamp random_moment(Rng& rng);
/// Up to a year later.
domain::Timestamp later_moment(domain::Timestamp from, Rng& rng);

/// "2020-08-24T14:15:22Z".
std::string plain_text(domain::Timestamp at);
/// "2019-03-14T15:39:31.265+00:00".
std::string offset_text(domain::Timestamp at);
/// With no, two or nine fraction digits, as Upvest does.
std::string varied_text(domain::Timestamp at, Rng& rng);

}  // namespace tributary::sandbox
