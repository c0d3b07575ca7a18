#include "tests/sandbox/tdx/shapes.hpp"

#include <algorithm>
#include <array>

namespace tributary::sandbox {

namespace {

bool is_hidden(const TdxLogin& login, const Item& sub_account) {
    return !login.only_sub_account.empty() && login.only_sub_account != sub_account.id;
}

}  // namespace

json::Object tdx_own_user(const World& world, const TdxLogin& login, const Item& user) {
    json::Array granted;
    for (const Item* access : world.of(Kind::tdx_access).in_order(user.id)) {
        const json::Object grant = object_of(*access);
        const json::Value* id = json::find(grant, "subAccountId");
        const Item* sub_account = world.of(Kind::tdx_sub_account).find(*id->if_string());
        if (sub_account == nullptr || is_hidden(login, *sub_account)) continue;
        json::Object element{{"id", sub_account->id}};
        const json::Object stored = object_of(*sub_account);
        if (const json::Value* name = json::find(stored, "name")) {
            element.push_back({"name", *name});
        }
        if (const json::Value* permissions = json::find(grant, "permissions")) {
            element.push_back({"permissions", *permissions});
        }
        granted.push_back(std::move(element));
    }
    json::Object object = object_of(user);
    json::set(object, "subAccounts", std::move(granted));
    return object;
}

json::Object tdx_listed_user(const Item& user) {
    static constexpr std::array<std::string_view, 3> left_out{"phoneNumber", "permissions", "updatedAt"};
    json::Object object = object_of(user);
    std::erase_if(object, [](const json::Entry& entry) {
        return std::ranges::find(left_out, entry.key) != left_out.end();
    });
    return object;
}

const Item* tdx_client_account(const World& world, const Item& user) {
    return world.of(Kind::tdx_client_account).find(user.parent);
}

bool tdx_permitted(const Item& user, std::string_view permission) {
    const json::Object object = object_of(user);
    const json::Value* permissions = json::find(object, "permissions");
    const json::Value* flag = permissions == nullptr ? nullptr : permissions->find(permission);
    return flag != nullptr && flag->if_bool() != nullptr && *flag->if_bool();
}

bool tdx_lists_users(const TdxLogin& login, const Item& user) {
    return tdx_permitted(user, "canManage") && login.only_sub_account.empty();
}

std::vector<const Item*> tdx_sub_accounts(const World& world, const TdxLogin& login, const Item& user) {
    const bool sees_all = tdx_permitted(user, "canManage");
    std::vector<const Item*> seen;
    for (const Item* sub_account : world.of(Kind::tdx_sub_account).of(user.parent)) {
        const bool granted = world.of(Kind::tdx_access).find(user.id + "/" + sub_account->id) != nullptr;
        if ((sees_all || granted) && !is_hidden(login, *sub_account)) {
            seen.push_back(sub_account);
        }
    }
    return seen;
}

std::vector<const Item*> tdx_users_of(const World& world, const Item& sub_account) {
    std::vector<const Item*> users;
    for (const Item* user : world.of(Kind::tdx_user).of(sub_account.parent)) {
        if (world.of(Kind::tdx_access).find(user->id + "/" + sub_account.id) != nullptr) {
            users.push_back(user);
        }
    }
    return users;
}

}  // namespace tributary::sandbox
