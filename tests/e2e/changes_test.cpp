// What a provider changes, adds, removes and brings back arrives in the documents, and nothing else does.

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/ids.hpp"
#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;
using domain::EntityKind;

namespace {

/// An object of the population that is changed, removed or added.
struct Subject {
    std::string provider;
    std::string kind;
    std::string id;
};

json::Object operation(std::string_view op, const Subject& subject) {
    return {{"op", op}, {"provider", subject.provider}, {"kind", subject.kind}, {"id", subject.id}};
}

json::Value change(const Subject& subject, json::Object patch) {
    json::Object all = operation("change", subject);
    all.push_back({"patch", std::move(patch)});
    return all;
}

json::Value addition(const Subject& subject, const std::string& parent, json::Object value) {
    json::Object all = operation("add", subject);
    if (!parent.empty()) all.push_back({"parent", parent});
    all.push_back({"value", std::move(value)});
    return all;
}

/// The id at an index of a list in a connection's view.
std::string id_in(const json::Value& population, const std::string& list, std::size_t index) {
    return text(array(population, list).at(index), "id");
}

/// Who takes part: one object of each kind for each fate.
class Cast {
  public:
    explicit Cast(const json::Value& population) : population_(population) {}

    /// Removed in the first round and brought back in the second. Attributes and grants are no documents.
    [[nodiscard]] std::vector<Subject> removed() const {
        return {{"upvest", "user", id_in(population_, "upvest.upvest-01.users", 3)},
                {"upvest", "account_group", id_in(population_, "upvest.upvest-01.account_groups", 7)},
                {"upvest", "account", id_in(population_, "upvest.upvest-01.accounts", 11)},
                {"tdx", "user", id_in(population_, "tdx.tdx-01.users", 2)},
                {"tdx", "sub_account", id_in(population_, "tdx.tdx-01.sub_accounts", 4)},
                {"tdx", "user_attribute", id_in(population_, "tdx.tdx-01.user_attributes", 0)},
                {"tdx", "client_account_attribute",
                 id_in(population_, "tdx.tdx-01.client_account_attributes", 0)},
                {"tdx", "access", own_user() + "/" + id_in(population_, "tdx.tdx-01.sub_accounts", 6)},
                {"tastytrade", "account", account_number("tasty-01", 1)},
                {"tastytrade", "access", "tasty-02/" + account_number("tasty-02", 1)}};
    }

    [[nodiscard]] json::Array changes() const {
        const json::Object move{{"city", "Zürich"}, {"postcode", json::Value("8001")}};
        return {
            change({"upvest", "user", id_in(population_, "upvest.upvest-01.users", 5)},
                   {{"status", "INACTIVE"},
                    {"address", move},
                    {"title", "PROF_DR"},
                    {"birth_city", json::Value()},
                    {"tags", json::Array{json::Value("NEW")}}}),
            change({"upvest", "account_group", id_in(population_, "upvest.upvest-01.account_groups", 9)},
                   {{"status", "CLOSED"}, {"securities_account_number", "0001234567"}}),
            change({"upvest", "account", id_in(population_, "upvest.upvest-02.accounts", 5)},
                   {{"name", "Ruhestand"}, {"type", "A_NEW_KIND"}}),
            change({"tdx", "user", own_user()}, {{"phoneNumber", "+41791234567"}, {"MFAEnabled", true}}),
            // Seen in full by its own login and reduced by its manager's.
            change({"tdx", "user", text(population_, "tdx.tdx-05.user.id")},
                   {{"username", "clerk@login.example"}}),
            change({"tdx", "user", id_in(population_, "tdx.tdx-01.users", 4)},
                   {{"status", "STATUS_INACTIVE"}}),
            change(
                {"tdx", "preferences", text(population_, "tdx.tdx-01.preferences.id")},
                {{"language", "LANGUAGE_FRENCH"}, {"notifications", json::Object{{"settlementLine", true}}}}),
            change({"tdx", "client_account", text(population_, "tdx.tdx-01.client_account.id")},
                   {{"legalName", "Alpine Treasury SA"}, {"status", "STATUS_SUSPENDED"}}),
            change({"tdx", "sub_account", id_in(population_, "tdx.tdx-01.sub_accounts", 5)},
                   {{"name", "Umbenannt"}, {"venue", "VENUE_OTC"}}),
            change({"tdx", "user_attribute", id_in(population_, "tdx.tdx-01.user_attributes", 1)},
                   {{"value", "nouveau"}}),
            change({"tdx", "client_account_attribute",
                    id_in(population_, "tdx.tdx-01.client_account_attributes", 1)},
                   {{"value", "gold"}}),
            change({"tdx", "access", own_user() + "/" + id_in(population_, "tdx.tdx-01.sub_accounts", 0)},
                   {{"permissions", json::Object{{"canWithdraw", true}, {"canRead", false}}}}),
            change({"tastytrade", "customer", "tasty-01"},
                   {{"email", "moved@mail.example"}, {"agreed-to-margining", false}}),
            change({"tastytrade", "account", account_number("tasty-01", 0)},
                   {{"nickname", "Neu"}, {"is-closed", true}}),
            change({"tastytrade", "access", "tasty-02/" + account_number("tasty-02", 0)},
                   {{"authority-level", "read-only"}}),
        };
    }

    /// Added in the first round and removed in the second, each after what it hangs on.
    [[nodiscard]] std::vector<Subject> added() const {
        return {{"upvest", "user", "0f000000-0000-4000-8000-000000000001"},
                {"upvest", "account_group", "0f000000-0000-4000-8000-000000000002"},
                {"upvest", "account", "0f000000-0000-4000-8000-000000000003"},
                {"tdx", "user", "0f000000-0000-4000-8000-000000000004"},
                {"tdx", "sub_account", "0f000000-0000-4000-8000-000000000005"},
                {"tdx", "user_attribute", "0f000000-0000-4000-8000-000000000006"},
                {"tdx", "client_account_attribute", "0f000000-0000-4000-8000-000000000007"},
                {"tdx", "access", own_user() + "/0f000000-0000-4000-8000-000000000005"},
                {"tastytrade", "account", "5WT77777"},
                {"tastytrade", "access", "tasty-03/5WT77777"}};
    }

    [[nodiscard]] json::Array additions() const {
        const std::vector<Subject> all = added();
        const json::Object times{{"created_at", "2026-01-02T03:04:05.678Z"},
                                 {"updated_at", "2026-01-03T00:00:00Z"}};
        const json::Object tdx_times{{"createdAt", "2026-01-02T03:04:05Z"},
                                     {"updatedAt", "2026-01-03T00:00:00Z"}};
        const std::string client = text(population_, "tdx.tdx-01.client_account.id");
        const json::Array owner{json::Value(json::Object{{"id", all[0].id}, {"type", "OWNER"}})};
        return {addition(all[0], "upvest-01",
                         with(times, {{"first_name", "Neu"},
                                      {"last_name", "Kunde"},
                                      {"birth_date", "1991-02-03"},
                                      {"email", "neu.kunde@mail.example"},
                                      {"nationalities", json::Array{json::Value("DE"), json::Value("CH")}},
                                      {"status", "ACTIVE"}})),
                addition(all[1], "upvest-01",
                         with(times, {{"type", "PERSONAL"}, {"status", "ACTIVE"}, {"users", owner}})),
                addition(all[2], "upvest-01",
                         with(times, {{"type", "TRADING"},
                                      {"status", "ACTIVE"},
                                      {"account_group_id", all[1].id},
                                      {"account_number", 1},
                                      {"users", owner}})),
                addition(all[3], client,
                         with(tdx_times, {{"clientAccountId", client},
                                          {"username", "neu@login.example"},
                                          {"firstname", "NEU"},
                                          {"lastname", "Kunde"},
                                          {"email", "Neu.Kunde@mail.example"},
                                          {"status", "STATUS_ACTIVE"},
                                          {"type", "TYPE_FRONT_OFFICE"}})),
                addition(all[4], client,
                         with(tdx_times, {{"clientAccountId", client},
                                          {"type", "TYPE_SUB"},
                                          {"venue", "VENUE_MARKETPLACE"},
                                          {"name", "Neues Portfolio"},
                                          {"pairs", json::Array{}}})),
                addition(all[5], own_user(), with(tdx_times, {{"key", "colour"}, {"value", "grün"}})),
                addition(all[6], client, with(tdx_times, {{"key", "tier"}, {"value", ""}})),
                addition(all[7], "", {{"permissions", json::Object{{"canRead", true}, {"canTrade", true}}}}),
                addition(all[8], "",
                         {{"opened-at", "2026-01-02T03:04:05.000+00:00"},
                          {"nickname", "Zweitkonto"},
                          {"account-type-name", "Joint Tenants"},
                          {"is-closed", false},
                          {"margin-or-cash", "Cash"}}),
                addition(all[9], "", {{"authority-level", "trade-only"}})};
    }

  private:
    static json::Object with(json::Object base, json::Object more) {
        base.insert(base.end(), more.begin(), more.end());
        return base;
    }

    [[nodiscard]] std::string own_user() const { return text(population_, "tdx.tdx-01.user.id"); }

    [[nodiscard]] std::string account_number(const std::string& login, std::size_t index) const {
        return text(array(population_, "tastytrade." + login + ".accounts").at(index),
                    "account.account-number");
    }

    const json::Value& population_;
};

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

bool listed(Api& api, const std::string& path, bool include_deleted) {
    const std::size_t slash = path.rfind('/');
    for (const json::Value& document : api.list(path.substr(0, slash), 1000, include_deleted)) {
        if (text(document, "id") == path.substr(slash + 1)) return true;
    }
    return false;
}

void check_gone(Api& api, const std::string& path) {
    const Answer answer = api.get(path);
    CHECK_MESSAGE(answer.status == 200, path);
    CHECK_MESSAGE(answer.json.find("deleted_at") != nullptr, path);
    CHECK_FALSE(listed(api, path, false));
    CHECK(listed(api, path, true));
}

void check_there(Api& api, const std::string& path) {
    const Answer answer = api.get(path);
    CHECK_MESSAGE(answer.status == 200, path);
    CHECK_MESSAGE(answer.json.find("deleted_at") == nullptr, path);
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
    for (const Subject& subject : removed) {
        if (const std::string path = path_of(system, subject); !path.empty()) check_gone(api, path);
    }
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
    for (const Subject& subject : added) {
        if (const std::string path = path_of(system, subject); !path.empty()) check_gone(api, path);
    }
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
