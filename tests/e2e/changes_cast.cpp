#include "tests/e2e/changes_cast.hpp"

#include <utility>

#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

/// The id at an index of a list in a connection's view.
std::string id_in(const json::Value& population, const std::string& list, std::size_t index) {
    return text(array(population, list).at(index), "id");
}

json::Object with(json::Object base, json::Object more) {
    base.insert(base.end(), more.begin(), more.end());
    return base;
}

}  // namespace

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

std::vector<Subject> Cast::removed() const {
    return {
        {"upvest", "user", id_in(population_, "upvest.upvest-01.users", 3)},
        {"upvest", "account_group", id_in(population_, "upvest.upvest-01.account_groups", 7)},
        {"upvest", "account", id_in(population_, "upvest.upvest-01.accounts", 11)},
        {"tdx", "user", id_in(population_, "tdx.tdx-01.users", 2)},
        {"tdx", "sub_account", id_in(population_, "tdx.tdx-01.sub_accounts", 4)},
        {"tdx", "user_attribute", id_in(population_, "tdx.tdx-01.user_attributes", 0)},
        {"tdx", "client_account_attribute", id_in(population_, "tdx.tdx-01.client_account_attributes", 0)},
        {"tdx", "access", own_user() + "/" + id_in(population_, "tdx.tdx-01.sub_accounts", 6)},
        {"tastytrade", "account", account_number("tasty-01", 1)},
        {"tastytrade", "access", "tasty-02/" + account_number("tasty-02", 1)}};
}

json::Array Cast::changes() const {
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
        change({"tdx", "user", id_in(population_, "tdx.tdx-01.users", 4)}, {{"status", "STATUS_INACTIVE"}}),
        change({"tdx", "preferences", text(population_, "tdx.tdx-01.preferences.id")},
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

std::vector<Subject> Cast::added() const {
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

json::Array Cast::additions() const {
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

std::string Cast::own_user() const {
    return text(population_, "tdx.tdx-01.user.id");
}

std::string Cast::account_number(const std::string& login, std::size_t index) const {
    return text(array(population_, "tastytrade." + login + ".accounts").at(index), "account.account-number");
}

}  // namespace tributary::e2e
