#include "tests/sandbox/control/ground_truth.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/write.hpp"
#include "tests/sandbox/control/json_text.hpp"
#include "tests/sandbox/tdx/shapes.hpp"

namespace tributary::sandbox {

namespace {

/// How tastytrade itself names a customer; null where it does not.
json::Value tastytrade_id(const Item& customer) {
    const json::Object object = object_of(customer);
    if (const json::Value* id = json::find(object, "external-id")) return *id;
    const json::Value* person = json::find(object, "person");
    const json::Value* id = person == nullptr ? nullptr : person->find("external-id");
    return id == nullptr ? json::Value() : *id;
}

json::Value provider_id(Kind kind, const Item& profile) {
    return kind == Kind::tastytrade_customer ? tastytrade_id(profile) : json::Value(profile.id);
}

/// The connections that see a profile, as its own or in a list.
std::vector<std::string> connections_of(const World& world, Kind kind, const Item& profile) {
    if (kind == Kind::tastytrade_customer) return {profile.id};
    if (kind == Kind::upvest_user) return {profile.parent};
    std::vector<std::string> names;
    for (const TdxLogin& login : world.tdx_logins) {
        const Item* user = world.of(Kind::tdx_user).find(login.user_id);
        if (user == nullptr || user->parent != profile.parent) continue;
        if (user == &profile || tdx_lists_users(login, *user)) {
            names.push_back(login.name);
        }
    }
    return names;
}

json::Value reference(const World& world, Kind kind, const Item& profile) {
    const auto connections = connections_of(world, kind, profile);
    return json::Object{
        {"provider", facts_of(kind).provider},
        {"connection", connections.empty() ? json::Value() : json::Value(connections.front())},
        {"provider_id", provider_id(kind, profile)}};
}

json::Object access(std::string_view provider, const std::string& connection, json::Value profile, bool known,
                    std::string_view kind, const std::string& id, const json::Value* level) {
    return json::Object{{"provider", provider},
                        {"connection", connection},
                        {"profile", std::move(profile)},
                        {"known", known},
                        {"kind", kind},
                        {"id", id},
                        {"level", level == nullptr ? json::Value() : *level}};
}

void add_tastytrade(const World& world, std::vector<std::string>& out) {
    for (const Item* grant : world.of(Kind::tastytrade_access).live()) {
        const Item* customer = world.of(Kind::tastytrade_customer).find(grant->parent);
        const std::string number = grant->id.substr(grant->id.find('/') + 1);
        if (customer == nullptr || world.of(Kind::tastytrade_account).find(number) == nullptr) continue;
        const json::Object object = object_of(*grant);
        out.push_back(json::write(access("tastytrade", grant->parent, tastytrade_id(*customer), true,
                                         "account", number, json::find(object, "authority-level"))));
    }
}

void add_tdx(const World& world, std::vector<std::string>& out) {
    for (const TdxLogin& login : world.tdx_logins) {
        const Item* user = world.of(Kind::tdx_user).find(login.user_id);
        if (user == nullptr) continue;
        const json::Object object = tdx_own_user(world, login, *user);
        for (const json::Value& granted : *json::find(object, "subAccounts")->if_array()) {
            json::Object row = access("tdx", login.name, user->id, true, "sub_account",
                                      *granted.find("id")->if_string(), nullptr);
            if (const json::Value* permissions = granted.find("permissions")) {
                row.push_back({"permissions", *permissions});
            }
            out.push_back(json::write(row));
        }
    }
}

void add_upvest(const World& world, Kind kind, std::vector<std::string>& out) {
    for (const Item* item : world.of(kind).live()) {
        const json::Object object = object_of(*item);
        const json::Value* users = json::find(object, "users");
        if (users == nullptr || users->if_array() == nullptr) continue;
        for (const json::Value& member : *users->if_array()) {
            const json::Value* id = member.find("id");
            if (id == nullptr || id->if_string() == nullptr) continue;
            const Item* user = world.of(Kind::upvest_user).find(*id->if_string());
            const bool known = user != nullptr && user->parent == item->parent;
            out.push_back(json::write(access("upvest", item->parent, *id, known, facts_of(kind).name,
                                             item->id, member.find("type"))));
        }
    }
}

}  // namespace

std::string profiles_text(const World& world) {
    std::vector<std::string> rows;
    for (const Kind kind : {Kind::tastytrade_customer, Kind::tdx_user, Kind::upvest_user}) {
        for (const Item* profile : world.of(kind).live()) {
            json::Array connections;
            for (const std::string& name : connections_of(world, kind, *profile)) {
                connections.push_back(name);
            }
            if (connections.empty()) continue;
            rows.push_back(json::write(json::Object{{"provider", facts_of(kind).provider},
                                                    {"connections", std::move(connections)},
                                                    {"provider_id", provider_id(kind, *profile)},
                                                    {"person", profile->person}}));
        }
    }
    return joined_array(rows);
}

std::string look_alikes_text(const World& world) {
    std::vector<std::string> rows;
    for (const LookAlike& pair : world.look_alikes) {
        const Item* left = world.of(pair.left_kind).find(pair.left_id);
        const Item* right = world.of(pair.right_kind).find(pair.right_id);
        if (left == nullptr || right == nullptr) continue;
        rows.push_back(json::write(json::Object{{"left", reference(world, pair.left_kind, *left)},
                                                {"right", reference(world, pair.right_kind, *right)},
                                                {"reason", pair.reason},
                                                {"suggested", pair.suggested}}));
    }
    return joined_array(rows);
}

std::string access_text(const World& world) {
    std::vector<std::string> rows;
    add_tastytrade(world, rows);
    add_tdx(world, rows);
    add_upvest(world, Kind::upvest_account_group, rows);
    add_upvest(world, Kind::upvest_account, rows);
    return joined_array(rows);
}

}  // namespace tributary::sandbox
