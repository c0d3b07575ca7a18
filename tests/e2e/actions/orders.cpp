#include "tests/e2e/actions/orders.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

constexpr std::string_view user_of_tdx = "/api/rest/v1/users/me";

/// What the provider knows our group by.
std::string provider_id_of(RunningSystem& system, const std::string& id) {
    return system.database().value("SELECT provider_id FROM entities WHERE entity_id = '" + id + "'");
}

}  // namespace

Orders::Orders() {
    system_.sync_well({"tdx-01", "tdx-02", "tdx-06", "upvest-01"});
    caller_ = system_.make_key("main", "read,personal,actions");
    for (const json::Value& group : system_.api().list("/v1/account-groups", 1'000)) {
        if (text(group, "status") == "active") groups_.push_back(text(group, "id"));
    }
    for (const json::Value& customer : system_.api().list("/v1/customers", 1'000)) {
        for (const json::Value& profile : array(customer, "profiles")) {
            if (text(profile, "provider") == "upvest") users_.push_back(text(profile, "id"));
        }
    }
    REQUIRE(groups_.size() > 120);
    REQUIRE_FALSE(users_.empty());
}

std::string Orders::own_profile(const std::string& connection) {
    return system_.database().value(
        "SELECT e.entity_id FROM connections c JOIN entities e ON e.tenant_id = c.tenant_id AND "
        "e.provider = c.provider AND e.provider_id = c.self_profile WHERE e.kind = 'profile' AND c.name = '" +
        connection + "'");
}

std::string Orders::new_key() {
    return "order-" + std::to_string(++made_);
}

Order Orders::preferences() {
    // No two that come one after the other are alike.
    german_ = !german_;
    const json::Object body{{"language", german_ ? "german" : "french"},
                            {"notifications", json::Object{{"order_placement", true},
                                                           {"order_confirmation", german_},
                                                           {"order_cancellation", false},
                                                           {"settlement_line", true}}}};
    return {.method = "PUT",
            .target = "/v1/profiles/" + own_profile("tdx-01") + "/preferences",
            .body = json::write(body),
            .key = new_key(),
            .effect = "tdx preferences_changed",
            .provider = "tdx",
            .provider_method = "PUT",
            .provider_path = std::string(user_of_tdx) + "/preferences"};
}

Order Orders::attribute(const std::string& connection) {
    const std::string key = new_key();
    const json::Object body{{"type", "settings"},
                            {"sub_type", "orders"},
                            {"key", key},
                            {"value", "on"},
                            {"content_type", "text/plain"}};
    return {.method = "POST",
            .target = "/v1/profiles/" + own_profile(connection) + "/attributes",
            .body = json::write(body),
            .key = key,
            .effect = "tdx attribute_created",
            .provider = "tdx",
            .provider_method = "POST",
            .provider_path = std::string(user_of_tdx) + "/attributes"};
}

Order Orders::deletion() {
    const Order put = attribute("tdx-06");
    const Answer made = ask_until_done(put);
    REQUIRE_MESSAGE(made.status == 200, made.body);
    const std::string id = text(made.json, "object_id");
    return {.method = "DELETE",
            .target = put.target + "/" + id,
            .body = {},
            .key = new_key(),
            .effect = "tdx attribute_deleted",
            .provider = "tdx",
            .provider_method = "DELETE",
            .provider_path = std::string(user_of_tdx) + "/attributes/" + id};
}

Order Orders::creation() {
    const json::Object body{{"profile_id", users_.at(static_cast<std::size_t>(made_) % users_.size())},
                            {"type", "personal"}};
    return {.method = "POST",
            .target = "/v1/account-groups",
            .body = json::write(body),
            .key = new_key(),
            .effect = "upvest account_group_created",
            .provider = "upvest",
            .provider_method = "POST",
            .provider_path = "/account_groups"};
}

Order Orders::closing() {
    const std::string id = groups_.back();
    groups_.pop_back();
    return {.method = "POST",
            .target = "/v1/account-groups/" + id + "/close",
            .body = R"({"closure_reason":"user_initiated"})",
            .key = new_key(),
            .effect = "upvest account_group_closing_initiated",
            .provider = "upvest",
            .provider_method = "DELETE",
            .provider_path = "/account_groups/" + provider_id_of(system_, id),
            .is_accepted_only = true};
}

std::vector<Order> Orders::one_of_each() {
    std::vector<Order> orders{preferences(), attribute("tdx-02"), deletion(), creation(), closing()};
    // Making them had effects, too.
    system_.sandbox().forget_effects();
    return orders;
}

Answer Orders::ask(const Order& order) {
    Api api = system_.api_with(caller_);
    tests::HttpFields fields{api.credentials(), {"Idempotency-Key", order.key}};
    if (!order.body.empty()) fields.emplace_back("Content-Type", "application/json");
    return api.ask(order.method, order.target, fields, order.body);
}

Answer Orders::ask_until_done(const Order& order) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (true) {
        Answer answer = ask(order);
        const bool accepted = order.is_accepted_only && text(answer.json, "state") == "accepted";
        const bool under_way = answer.code() == "action_running" || (answer.status == 202 && !accepted);
        if (!under_way) return answer;
        REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, answer.body);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void Orders::answer_late(const Order& order, std::chrono::milliseconds by) {
    system_.sandbox().fault({{"provider", order.provider},
                             {"path_prefix", order.provider_path},
                             {"method", order.provider_method},
                             {"times", 1},
                             {"delay_ms", by.count()}});
}

}  // namespace tributary::e2e
