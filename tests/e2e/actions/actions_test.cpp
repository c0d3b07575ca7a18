// Changes at the providers through the whole system: each done once, whoever asks how often and whoever dies
// meanwhile.

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <thread>

#include "domain/json/write.hpp"
#include "tests/e2e/actions/orders.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::e2e;
using namespace std::chrono_literals;

namespace {

using Counts = std::map<std::string, std::int64_t>;

Orders& all() {
    static Orders one;
    return one;
}

/// One effect for each order and no other.
Counts one_effect_each(const std::vector<Order>& orders) {
    Counts counts;
    for (const Order& order : orders) {
        ++counts[order.effect];
    }
    return counts;
}

std::string text_of(const Counts& counts) {
    std::string all;
    for (const auto& [effect, count] : counts) {
        all += std::to_string(count) + " times " + effect + ", ";
    }
    return all;
}

int status_when_done(const Order& order) {
    return order.is_accepted_only ? 202 : 200;
}

/// Everybody asks at the same time; nothing for those who got no answer.
std::vector<std::future<std::optional<Answer>>> asked_at_once(const std::vector<Order>& orders) {
    std::vector<std::future<std::optional<Answer>>> answers;
    for (const Order& order : orders) {
        answers.push_back(std::async(std::launch::async, [&order]() -> std::optional<Answer> {
            try {
                return all().ask(order);
            } catch (const std::runtime_error&) {
                return std::nullopt;
            }
        }));
    }
    return answers;
}

void wait_for_effects(const Counts& wanted) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    for (Counts counts; counts != wanted; counts = all().system().sandbox().effects()) {
        REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, "the providers did " << text_of(counts));
        std::this_thread::sleep_for(10ms);
    }
}

std::string state_of(const std::string& action) {
    return text(all().system().api().get("/v1/actions/" + action).json, "state");
}

}  // namespace

TEST_CASE("a change of each kind is done at its provider, and the documents show it at once") {
    RunningSystem& system = all().system();
    const std::vector<Order> orders = all().one_of_each();
    for (const Order& order : orders) {
        CAPTURE(order.effect);
        const Answer answer = all().ask(order);
        CHECK_MESSAGE(answer.status == status_when_done(order), answer.body);
        const Answer again = all().ask(order);
        CHECK(again.status == answer.status);
        CHECK(text(again.json, "id") == text(answer.json, "id"));
        if (order.effect == "upvest account_group_created") {
            const Answer group = system.api().get("/v1/account-groups/" + text(answer.json, "object_id"));
            CHECK(text(group.json, "type") == "personal");
        }
        if (order.effect == "upvest account_group_closing_initiated") {
            const std::string path = order.target.substr(0, order.target.rfind('/'));
            CHECK(text(system.api().get(path).json, "status") == "closing");
            CHECK(state_of(text(answer.json, "id")) == "accepted");
            system.sandbox().finish_closings();
            system.sync_well({"upvest-01"});
            const auto deadline = std::chrono::steady_clock::now() + 30s;
            while (state_of(text(answer.json, "id")) != "succeeded" &&
                   std::chrono::steady_clock::now() < deadline) {
                std::this_thread::sleep_for(20ms);
            }
            CHECK(all().ask(order).status == 200);
            CHECK(text(system.api().get(path).json, "status") == "closed");
        }
        if (order.effect == "tdx preferences_changed") {
            const json::Value asked = tree_of(order.body);
            const std::string customer =
                system.database().value("SELECT customer_id FROM memberships WHERE profile_id = '" +
                                        all().own_profile("tdx-01") + "'");
            const Answer document = system.api().get("/v1/customers/" + customer);
            CHECK(document.body.find("\"language\":\"" + text(asked, "language") + "\"") !=
                  std::string::npos);
        }
    }
    Counts effects = system.sandbox().effects();
    // The provider's own doing, and that of other groups, too.
    CHECK(effects.erase("upvest account_group_closed") == 1);
    CHECK(effects == one_effect_each(orders));
}

TEST_CASE("fifty who ask the same at the same time have one effect, and get the same action") {
    for (const Order& order : all().one_of_each()) {
        CAPTURE(order.effect);
        all().system().sandbox().forget_effects();
        all().answer_late(order, 300ms);
        const std::vector<Order> same(50, order);
        std::string action;
        for (auto& coming : asked_at_once(same)) {
            const auto answer = coming.get();
            REQUIRE(answer);
            const bool running = answer->status == 409 && answer->code() == "action_running";
            CHECK_MESSAGE((running || answer->status == status_when_done(order)), answer->body);
            if (running) {
                CHECK_FALSE(answer->field("Retry-After").empty());
                continue;
            }
            if (action.empty()) action = text(answer->json, "id");
            CHECK(text(answer->json, "id") == action);
        }
        CHECK(text(all().ask_until_done(order).json, "id") == action);
        CHECK(all().system().sandbox().effects() == one_effect_each({order}));
        if (!order.body.empty()) {
            Order other = order;
            other.body.insert(1, R"("another":true,)");
            CHECK(all().ask(other).code() == "idempotency_key_reused");
        }
    }
}

TEST_CASE("a service that is told to stop says 202, and the next one finishes what was asked") {
    RunningSystem& system = all().system();
    const std::vector<Order> orders = all().one_of_each();
    for (const Order& order : orders) {
        all().answer_late(order, 4s);
    }
    auto answers = asked_at_once(orders);
    const Counts wanted = one_effect_each(orders);
    wait_for_effects(wanted);
    system.stop_service();
    std::vector<std::string> actions;
    for (auto& coming : answers) {
        const auto answer = coming.get();
        REQUIRE(answer);
        CHECK_MESSAGE(answer->status == 202, answer->body);
        CHECK(answer->field("Location") == "/v1/actions/" + text(answer->json, "id"));
        actions.push_back(text(answer->json, "id"));
    }
    system.sandbox().clear_faults();
    system.start_service();
    for (std::size_t i = 0; i < orders.size(); ++i) {
        CAPTURE(orders[i].effect);
        const Answer done = all().ask_until_done(orders[i]);
        CHECK_MESSAGE(done.status == status_when_done(orders[i]), done.body);
        CHECK(text(done.json, "id") == actions[i]);
    }
    CHECK(system.sandbox().effects() == wanted);
}

TEST_CASE(
    "a service killed after the effect and before the answer leaves one effect, and the key its result") {
    const int loops = tests::full_or(100, 1);
    RunningSystem& system = all().system();
    for (int loop = 0; loop < loops; ++loop) {
        CAPTURE(loop);
        const std::vector<Order> orders = all().one_of_each();
        for (const Order& order : orders) {
            all().answer_late(order, 20s);
        }
        auto answers = asked_at_once(orders);
        const Counts wanted = one_effect_each(orders);
        wait_for_effects(wanted);
        system.kill_service();
        for (auto& coming : answers) {
            CHECK_FALSE(coming.get());
        }
        system.sandbox().clear_faults();
        system.start_service();
        for (const Order& order : orders) {
            CAPTURE(order.effect);
            const Answer done = all().ask_until_done(order);
            CHECK_MESSAGE(done.status == status_when_done(order), done.body);
            CHECK(text(all().ask(order).json, "id") == text(done.json, "id"));
        }
        CHECK(system.sandbox().effects() == wanted);
    }
    MESSAGE(loops << " kills with five orders under way each, every one done once");
}
