// What is left of the people of the sandbox where their data are masked.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "tests/e2e/personal_texts.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr std::array collections{"/v1/customers", "/v1/accounts", "/v1/sub-accounts", "/v1/account-groups"};

/// How many of the personal texts stand in these, alone or within others.
std::size_t found_in(const std::set<std::string>& texts, const std::set<std::string>& personal) {
    std::string all;
    for (const std::string& text : texts) {
        all += text + '\n';
    }
    return static_cast<std::size_t>(
        std::ranges::count_if(personal, [&](const std::string& one) { return all.contains(one); }));
}

}  // namespace

TEST_CASE("no name, contact, number or anything else personal of anybody is left in masked documents") {
    RunningSystem& system = RunningSystem::synced();
    const std::set<std::string> personal = personal_texts(system.sandbox().population());
    std::set<std::string> in_full;
    std::set<std::string> seen;
    std::size_t documents = 0;
    Api stranger = system.api_with(system.make_key("main", "read"));
    for (const char* path : collections) {
        for (const json::Value& document : system.api().list(path, 1000)) {
            collect_texts(document, in_full);
            ++documents;
        }
        for (const json::Value& document : stranger.list(path, 1000)) {
            CHECK(find(document, "masked") != nullptr);
            collect_texts(document, seen);
        }
    }
    CHECK(found_in(seen, personal) == 0);
    const std::size_t shown_in_full = found_in(in_full, personal);
    CHECK(shown_in_full > 2000);
    MESSAGE(personal.size() << " personal texts, " << shown_in_full << " of them in " << documents
                            << " documents, none in their masked variants");
}
