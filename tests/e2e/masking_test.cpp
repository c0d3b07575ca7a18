// What is left of the people of the sandbox where their data are masked.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "domain/json/write.hpp"
#include "services/view/masked.hpp"
#include "tests/e2e/personal_texts.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;
using domain::EntityKind;

namespace {

const std::map<std::string, EntityKind> collections{{"/v1/customers", EntityKind::customer},
                                                    {"/v1/accounts", EntityKind::account},
                                                    {"/v1/sub-accounts", EntityKind::sub_account},
                                                    {"/v1/account-groups", EntityKind::account_group}};

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
    for (const auto& [path, kind] : collections) {
        for (const json::Value& document : system.api().list(path, 1000)) {
            collect_texts(document, in_full);
            collect_texts(tree_of(view::masked(kind, json::write(document))), seen);
            ++documents;
        }
    }
    CHECK(found_in(seen, personal) == 0);
    const std::size_t shown_in_full = found_in(in_full, personal);
    CHECK(shown_in_full > 2000);
    MESSAGE(personal.size() << " personal texts, " << shown_in_full << " of them in " << documents
                            << " documents, none in their masked variants");
}
