#include "tests/sandbox/control/views.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "tests/sandbox/control/json_text.hpp"
#include "tests/sandbox/tastytrade/tastytrade_face.hpp"
#include "tests/sandbox/tdx/shapes.hpp"

namespace tributary::sandbox {

namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

std::string texts_of(const std::vector<const Item*>& items) {
    std::vector<std::string> texts;
    texts.reserve(items.size());
    for (const Item* item : items) {
        texts.push_back(item->text);
    }
    return joined_array(texts);
}

std::string text_or_null(const Item* item) {
    return item == nullptr ? "null" : item->text;
}

std::string listed_users(const World& world, const TdxLogin& login, const Item& user) {
    if (!tdx_lists_users(login, user)) return "null";
    std::vector<std::string> texts;
    for (const Item* listed : world.of(Kind::tdx_user).of(user.parent)) {
        texts.push_back(json::write(tdx_listed_user(*listed)));
    }
    return joined_array(texts);
}

std::string tdx_view(const World& world, const TdxLogin& login) {
    const Item* user = world.of(Kind::tdx_user).find(login.user_id);
    if (user == nullptr) return "null";
    const auto& preferences = world.of(Kind::tdx_preferences).of(user->id);
    return joined_object({{"user", json::write(tdx_own_user(world, login, *user))},
                          {"preferences", text_or_null(preferences.empty() ? nullptr : preferences.front())},
                          {"client_account", text_or_null(tdx_client_account(world, *user))},
                          {"users", listed_users(world, login, *user)},
                          {"sub_accounts", texts_of(tdx_sub_accounts(world, login, *user))},
                          {"user_attributes", texts_of(world.of(Kind::tdx_user_attribute).of(user->id))},
                          {"client_account_attributes",
                           texts_of(world.of(Kind::tdx_client_account_attribute).of(user->parent))}});
}

}  // namespace

std::string tastytrade_views(const World& world) {
    Members views;
    for (const TastytradeLogin& login : world.tastytrade_logins) {
        std::vector<std::string> accounts;
        for (const Item* access : world.of(Kind::tastytrade_access).in_order(login.name)) {
            if (const auto element = listed_account(world, *access)) {
                accounts.push_back(json::write(*element));
            }
        }
        const Item* customer = world.of(Kind::tastytrade_customer).find(login.name);
        views.emplace_back(login.name, joined_object({{"customer", text_or_null(customer)},
                                                      {"accounts", joined_array(accounts)}}));
    }
    return joined_object(views);
}

std::string tdx_views(const World& world) {
    Members views;
    for (const TdxLogin& login : world.tdx_logins) {
        views.emplace_back(login.name, tdx_view(world, login));
    }
    return joined_object(views);
}

std::string upvest_views(const World& world) {
    Members views;
    for (const UpvestClient& client : world.upvest_clients) {
        views.emplace_back(
            client.name,
            joined_object({{"users", texts_of(world.of(Kind::upvest_user).of(client.name))},
                           {"account_groups", texts_of(world.of(Kind::upvest_account_group).of(client.name))},
                           {"accounts", texts_of(world.of(Kind::upvest_account).of(client.name))}}));
    }
    return joined_object(views);
}

}  // namespace tributary::sandbox
