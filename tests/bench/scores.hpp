// What a benchmark found, against its bars: a table for people and JSON for ./dev bench.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tributary::bench {

struct Score {
    std::string scenario;
    /// Of what `ours` and `peer` are: "objects/s", "MiB".
    std::string unit;
    double ours = 0;
    /// Nothing where the bar is on our own figure alone.
    std::optional<double> peer;
    /// What is held against the bar: ours to the peer's, or our own figure.
    double ratio = 0;
    double bar = 0;
    /// The bar is what it may be at most.
    bool at_most = false;
    /// For people: what was measured, in a few words.
    std::string remark;

    [[nodiscard]] bool met() const { return at_most ? ratio <= bar : ratio >= bar; }
};

/// A line a score.
std::string table_of(const std::vector<Score>& scores);
/// A list of objects: scenario, unit, ours, peer (null where there is none), ratio, bar, at_most, met,
/// remark.
std::string json_of(const std::vector<Score>& scores);

}  // namespace tributary::bench
