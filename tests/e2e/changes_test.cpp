// What a provider changes, adds, removes and brings back arrives in the documents, and nothing else does.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "tests/e2e/changes_cast.hpp"
#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;
using domain::EntityKind;

namespace {

/// Where a subject has a document of its own: its path in the API.
std::string path_of(const RunningSystem& system, const Subject& subject) {
    const Viewer viewer{system.tenant(), system.connections()};
    if (subject.kind == "account") {
        return "/v1/accounts/" + viewer.id_of(subject.provider, EntityKind::account, subject.id);
    }
    if (subject.kind == "sub_account") {
        return "/v1/sub-accounts/" + viewer.id_of(subject.provider, EntityKind::sub_account, subject.id);
    }
    if (subject.kind == "account_group") {
        return "/v1/account-groups/" + viewer.id_of(subject.provider, EntityKind::account_group, subject.id);
    }
    return "";
}

/// Answers as removed.
void check_gone(Api& api, const std::string& path) {
    const Answer answer = api.get(path);
    CHECK_MESSAGE(answer.status == 200, path);
    CHECK_MESSAGE(answer.json.find("deleted_at") != nullptr, path);
}

/// The lists have what was removed where they are asked for it, and only then.
void check_listed_as_removed(Api& api, const std::vector<std::string>& paths) {
    std::map<std::string, std::set<std::string>> ids_of;
    for (const std::string& path : paths) {
        const std::size_t slash = path.rfind('/');
        ids_of[path.substr(0, slash)].insert(path.substr(slash + 1));
    }
    for (const auto& [list, ids] : ids_of) {
        std::set<std::string> seen;
        for (const json::Value& document : api.list(list, 1000, true)) {
            if (document.find("deleted_at") != nullptr) seen.insert(text(document, "id"));
        }
        for (const std::string& id : ids) {
            CHECK_MESSAGE(seen.contains(id), list << "/" << id);
        }
    }
}

void check_there(Api& api, const std::string& path) {
    const Answer answer = api.get(path);
    CHECK_MESSAGE(answer.status == 200, path);
    CHECK_MESSAGE(answer.json.find("deleted_at") == nullptr, path);
}

void check_removed(RunningSystem& system, const std::vector<Subject>& subjects) {
    std::vector<std::string> paths;
    for (const Subject& subject : subjects) {
        if (const std::string path = path_of(system, subject); !path.empty()) paths.push_back(path);
    }
    for (const std::string& path : paths) {
        check_gone(system.api(), path);
    }
    check_listed_as_removed(system.api(), paths);
}

/// A customer that logs in for the first time.
const Subject new_login{"tastytrade", "customer", "tasty-new"};

json::Object connection_body(RunningSystem& system, const std::string& name) {
    for (const json::Value& body : system.sandbox().connections()) {
        if (text(body, "name") == name) return *body.if_object();
    }
    FAIL("the sandbox has no such connection");
    return {};
}

const std::vector<std::string> touched{"tasty-01", "tasty-02", "tasty-03",  "tdx-01",
                                       "tdx-04",   "tdx-05",   "upvest-01", "upvest-02"};

}  // namespace

TEST_CASE("documents follow the providers when objects are added, changed, removed and brought back") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const Comparison before = compare_everything(system);
    const Cast cast(before.population);
    const std::vector<Subject> removed = cast.removed();
    const std::vector<Subject> added = cast.added();

    json::Array first = cast.changes();
    for (const json::Value& addition : cast.additions()) {
        first.push_back(addition);
    }
    for (const Subject& subject : removed) {
        first.emplace_back(operation("remove", subject));
    }
    first.push_back(addition(new_login, "",
                             {{"first-name", "Ana"},
                              {"last-name", "Nueva"},
                              {"email", "ana.nueva@mail.example"},
                              {"external-id", "C0000000001"},
                              {"identifiable-type", "Person"}}));
    system.sandbox().change(std::move(first));
    system.connect(connection_body(system, new_login.id));
    std::vector<std::string> seeing = touched;
    seeing.push_back(new_login.id);
    system.sync_well(seeing);
    const Comparison after_first = compare_everything(system);
    CHECK(after_first.differences.compared > 70'000);
    check_removed(system, removed);
    for (const Subject& subject : added) {
        if (const std::string path = path_of(system, subject); !path.empty()) check_there(api, path);
    }
    CHECK(after_first.customer_of.contains(
        after_first.viewer.id_of("tastytrade", EntityKind::profile, "C0000000001")));
    // The new Upvest user and the new T-DX user are one person.
    const auto customer_of = [&](const Comparison& at, const Subject& user) {
        return at.customer_of.at(at.viewer.id_of(user.provider, EntityKind::profile, user.id));
    };
    CHECK(customer_of(after_first, added[0]) == customer_of(after_first, added[3]));

    json::Array second;
    for (const Subject& subject : removed) {
        second.emplace_back(operation("readd", subject));
    }
    for (const Subject& subject : added) {
        second.emplace_back(operation("remove", subject));
    }
    system.sandbox().change(std::move(second));
    system.disconnect(new_login.id);
    system.sync_well(touched);
    const Comparison after_second = compare_everything(system);
    for (const Subject& subject : removed) {
        if (const std::string path = path_of(system, subject); !path.empty()) check_there(api, path);
    }
    check_removed(system, added);
    check_gone(api, "/v1/customers/" + customer_of(after_first, added[0]));
    CHECK(after_second.served.customers.size() == before.served.customers.size());
}

TEST_CASE("removing a connection withdraws what only it saw and making it again brings the same ids back") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::vector<std::string> names{"tasty-10", "upvest-02"};
    const Comparison before = compare_everything(system);
    for (const std::string& name : names) {
        system.disconnect(name);
    }
    const Comparison without = compare_everything(system);
    std::size_t withdrawn = 0;
    const std::map<EntityKind, std::string> paths{{EntityKind::account, "/v1/accounts/"},
                                                  {EntityKind::account_group, "/v1/account-groups/"}};
    for (const auto& [id, target] : before.world.targets) {
        if (without.world.targets.contains(id)) continue;
        if (withdrawn++ % 50 == 0) check_gone(api, paths.at(target.kind) + id);
    }
    CHECK(withdrawn > 500);

    for (const std::string& name : names) {
        system.connect(connection_body(system, name));
    }
    system.sync_well(names);
    const Comparison after = compare_everything(system);
    CHECK(after.customer_of == before.customer_of);
    CHECK(after.served.count() == before.served.count());
}
