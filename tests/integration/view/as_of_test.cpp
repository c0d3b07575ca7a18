// Whatever happens, each moment of the past stays readable as it was seen when it was the present.
#include <algorithm>
#include <map>

#include "histories.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

constexpr int steps = 14;

}  // namespace

TEST_CASE("every commit of random histories of people, links and removals reads later as it did then") {
    std::mt19937 random(20261123);
    const int histories = full_or(1'000, 8);
    int moments = 0;
    int merged = 0;
    for (int i = 0; i < histories; ++i) {
        CAPTURE(i);
        // A tenant of its own, so that lists hold these people alone.
        DecidingFixture view;
        History history{view, random, "h" + std::to_string(i), {}};
        std::map<std::int64_t, std::vector<std::string>> then;
        for (int step = 0; step < steps; ++step) {
            history.step();
            const auto now = good(view.store.reads().moment({view.tenant}));
            then[now.number] = history.seen({view.tenant});
        }
        for (const auto& [commit, seen] : then) {
            CAPTURE(commit);
            const auto read = history.seen({view.tenant, commit});
            const auto differing = std::ranges::mismatch(read, seen);
            CAPTURE(differing.in1 - read.begin());
            CAPTURE(differing.in1 == read.end() ? "nothing" : *differing.in1);
            CAPTURE(differing.in2 == seen.end() ? "nothing" : *differing.in2);
            CHECK(read == seen);
            ++moments;
            merged += static_cast<int>(
                std::ranges::any_of(seen, [](const std::string& text) { return text.starts_with("to "); }));
        }
    }
    // Without any the check would prove nothing of former ids.
    CHECK(merged > 0);
    MESSAGE("histories: ", histories, ", moments: ", moments, ", with merged customers: ", merged);
}
