#include "services/sync/confirmation_choice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace tributary;
using sync::chosen_for_confirmation;

namespace {

domain::Uuid run_of(int number) {
    return domain::named_uuid({}, "run " + std::to_string(number));
}

std::vector<std::string> keys(int count) {
    std::vector<std::string> made;
    for (int i = 0; i < count; ++i) {
        made.push_back("key-" + std::to_string(1000 + i));
    }
    return made;
}

}  // namespace

TEST_CASE("candidates that a run has room for are all chosen") {
    CHECK(chosen_for_confirmation({}, run_of(1), 50).empty());
    CHECK(chosen_for_confirmation(keys(50), run_of(1), 50) == keys(50));
    CHECK(chosen_for_confirmation(keys(3), run_of(1), 0).empty());
}

TEST_CASE("of more candidates exactly the limit is chosen, each once, and the same for the same run") {
    const auto chosen = chosen_for_confirmation(keys(500), run_of(1), 50);
    CHECK(chosen.size() == 50);
    CHECK(std::set(chosen.begin(), chosen.end()).size() == 50);
    const auto all = keys(500);
    CHECK(std::ranges::all_of(chosen, [&](const auto& key) { return std::ranges::count(all, key) == 1; }));
    CHECK(chosen == chosen_for_confirmation(keys(500), run_of(1), 50));
}

TEST_CASE("no candidate waits for ever while others keep being chosen") {
    std::set<std::string> asked;
    for (int run = 0; run < 40; ++run) {
        for (const auto& key : chosen_for_confirmation(keys(150), run_of(run), 50)) {
            asked.insert(key);
        }
    }
    CHECK(asked.size() == 150);
}
