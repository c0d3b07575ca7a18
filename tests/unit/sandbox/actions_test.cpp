// The adapters' changes against their peer, over real TCP: each done, and each done with its answer lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <future>

#include "domain/json/parse.hpp"
#include "served.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using namespace tributary::sandbox;
using domain::Errc;
using ports::ActionEffect;
using ports::ActionKind;
using ports::ActionOrder;

namespace {

json::Object parsed(const std::string& text) {
    return *json::parse(text)->root.if_object();
}

/// One connection whose orders go over the wire, and the control of the other side. The control is asked
/// between exchanges only, on the thread that owns the sandbox.
struct Ordering {
    explicit Ordering(std::string_view name) : asking(served) {
        for (const json::Value& each : array_at(served.connections, {"connections"})) {
            if (text_at(each, {"name"}) == name) connection = each;
        }
        provider = provider_named(text_at(connection, {"provider"}));
        session = asking.open(connection);
    }

    domain::Result<ActionEffect> perform(const ActionOrder& order) {
        CHECK(provider->takes(order.kind));
        CHECK(provider->check_action(order.kind, order.arguments).empty());
        return tests::run_task(asking.io, session->actions()->perform(order));
    }

    domain::Result<ActionEffect> look(const ActionOrder& order) {
        return tests::run_task(asking.io, session->actions()->look(order));
    }

    json::Value control(const std::string& method, std::string_view path, std::string body = {}) {
        std::promise<json::Value> answered;
        boost::asio::post(served.io, [&] {
            answered.set_value(
                body_of(served.sandbox.control(make_request(method, path, {}, std::move(body)))));
        });
        return answered.get_future().get();
    }

    /// The next request of this method does its work and is then cut off without an answer.
    void lose_answer_to(const std::string& method, const std::string& path_prefix = "/") {
        control("POST", "/faults",
                R"({"faults":[{"provider":")" + text_at(connection, {"provider"}) + R"(","method":")" +
                    method + R"(","path_prefix":")" + path_prefix + R"(","cut":true}]})");
    }

    std::string count_of(std::string_view effect) {
        const json::Value report = control("GET", "/effects");
        for (const json::Value& row : array_at(report, {"effects"})) {
            if (text_at(row, {"effect"}) == effect) return at(row, {"count"}).if_number()->lexeme;
        }
        return "0";
    }

    /// The whole stream as a run would fetch it.
    domain::Page fetched(const std::string& stream) {
        ports::PageRequest request;
        request.limit = 500;
        auto page = asking.fetch(*session, stream, request);
        REQUIRE(page.has_value());
        return std::move(*page);
    }

    /// What the effect would store is what a fetch of the stream brings.
    void check_as_fetched(const ActionEffect& effect) {
        REQUIRE_FALSE(effect.page.observations.empty());
        const domain::Page page = fetched(effect.stream);
        for (const domain::Observation& seen : effect.page.observations) {
            const auto same =
                std::ranges::find(page.observations, seen.provider_id, &domain::Observation::provider_id);
            REQUIRE(same != page.observations.end());
            CHECK((same->raw == seen.raw));
            CHECK((same->normalized == seen.normalized));
            CHECK((same->entity == seen.entity));
        }
        CHECK((effect.page.self == page.self));
        tests::check_stored_again(*provider, effect.stream, effect.page, effect.page.self);
    }

    Served served;
    Asking asking;
    json::Value connection;
    std::unique_ptr<ports::Provider> provider;
    std::unique_ptr<ports::ProviderSession> session;
};

ActionOrder order_of(ActionKind kind, std::string subject, json::Object arguments, std::uint8_t number = 1) {
    ActionOrder order{
        .kind = kind, .subject = std::move(subject), .arguments = std::move(arguments), .key = {}};
    order.key.bytes = {1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, number};
    return order;
}

/// Orders of T-DX's own user; `language` and `value` tell one from the next.
struct TdxOrders : Ordering {
    explicit TdxOrders(std::string_view name = "tdx-02") : Ordering(name) {
        user = text_at(served.population, {"tdx", name, "user", "id"});
    }

    ActionOrder preferences(const std::string& language) const {
        return order_of(ActionKind::put_preferences, user,
                        parsed(R"({"language":")" + language + R"(","notifications":{"order_placement":true,
                            "order_confirmation":false,"order_cancellation":true,"settlement_line":false}})"));
    }

    ActionOrder attribute(const std::string& value) const {
        return order_of(ActionKind::put_attribute, user,
                        {{"type", "preference"},
                         {"sub_type", "ui"},
                         {"key", "zoom, größer"},
                         {"value", value},
                         {"content_type", "text/plain"}});
    }

    std::string user;
};

struct UpvestOrders : Ordering {
    UpvestOrders() : Ordering("upvest-01") {
        user = text_at(array_at(served.population, {"upvest", "upvest-01", "users"}).front(), {"id"});
    }

    ActionOrder creation(std::uint8_t number = 1) const {
        return order_of(ActionKind::create_account_group, user, {{"type", "personal"}}, number);
    }

    /// The id of a group that was just made.
    std::string made(std::uint8_t number = 1) {
        const auto effect = perform(creation(number));
        REQUIRE(effect.has_value());
        return effect->object_id;
    }

    static ActionOrder closure(const std::string& group) {
        return order_of(ActionKind::close_account_group, group, {{"closure_reason", "user_initiated"}});
    }

    std::string user;
};

bool was_done_perhaps(const domain::Result<ActionEffect>& outcome) {
    return !outcome && (outcome.error().code == Errc::unavailable || outcome.error().code == Errc::contract);
}

}  // namespace

TEST_CASE("preferences put over the wire are what the next fetch brings, by key and by password") {
    for (const std::string_view name : {"tdx-02", "tdx-03", "tdx-06"}) {
        CAPTURE(name);
        TdxOrders ordering(name);
        const auto effect = ordering.perform(ordering.preferences("french"));
        REQUIRE(effect.has_value());
        CHECK(effect->stands);
        CHECK(effect->finished);
        ordering.check_as_fetched(*effect);
        CHECK(ordering.look(ordering.preferences("french"))->stands);
        CHECK_FALSE(ordering.look(ordering.preferences("german"))->stands);
    }
}

TEST_CASE("preferences whose answer was lost are found to stand") {
    TdxOrders ordering;
    REQUIRE(ordering.perform(ordering.preferences("german")).has_value());
    ordering.lose_answer_to("PUT");
    CHECK(was_done_perhaps(ordering.perform(ordering.preferences("french"))));
    const auto found = ordering.look(ordering.preferences("french"));
    REQUIRE(found.has_value());
    CHECK(found->stands);
    CHECK(found->finished);
    ordering.check_as_fetched(*found);
}

TEST_CASE("an attribute is made, found and deleted over the wire, lost answers included") {
    TdxOrders ordering;
    CHECK_FALSE(ordering.look(ordering.attribute("big"))->stands);
    ordering.lose_answer_to("POST");
    CHECK(was_done_perhaps(ordering.perform(ordering.attribute("big"))));
    const auto found = ordering.look(ordering.attribute("big"));
    REQUIRE(found.has_value());
    CHECK(found->stands);
    ordering.check_as_fetched(*found);
    const auto changed = ordering.perform(ordering.attribute("small"));
    REQUIRE(changed.has_value());
    CHECK(changed->object_id == found->object_id);
    ordering.check_as_fetched(*changed);
    CHECK(ordering.count_of("attribute_created") == "1");
    CHECK(ordering.count_of("attribute_changed") == "1");

    const ActionOrder deletion = order_of(ActionKind::delete_attribute, changed->object_id, {});
    CHECK_FALSE(ordering.look(deletion)->stands);
    ordering.lose_answer_to("DELETE");
    CHECK(was_done_perhaps(ordering.perform(deletion)));
    CHECK(ordering.look(deletion)->removed == std::vector{changed->object_id});
    CHECK(ordering.perform(deletion)->stands);
    CHECK(ordering.count_of("attribute_deleted") == "1");
}

TEST_CASE("a colleague's preferences are refused before they are touched") {
    TdxOrders ordering;
    ActionOrder order = ordering.preferences("french");
    order.subject = "somebody-else";
    CHECK(ordering.perform(order).error().code == Errc::permission_denied);
    CHECK(ordering.count_of("preferences_changed") == "0");
}

TEST_CASE("an account group made over the wire is what the next read brings") {
    UpvestOrders ordering;
    const auto effect = ordering.perform(ordering.creation());
    REQUIRE(effect.has_value());
    CHECK(effect->stands);
    CHECK(effect->finished);
    const auto read =
        tests::run_task(ordering.asking.io, ordering.session->read("account_groups", effect->object_id));
    REQUIRE(read.has_value());
    CHECK((effect->page.observations.at(0).raw == read->observations.at(0).raw));
    CHECK((effect->page.observations.at(0).normalized == read->observations.at(0).normalized));
}

TEST_CASE("a creation whose answer was lost is sent again under its key and makes no second group") {
    UpvestOrders ordering;
    ordering.lose_answer_to("POST", "/account_groups");
    CHECK(was_done_perhaps(ordering.perform(ordering.creation())));
    CHECK(ordering.count_of("account_group_created") == "1");
    CHECK(ordering.look(ordering.creation()).error().code == Errc::invalid_input);
    const auto again = ordering.perform(ordering.creation());
    REQUIRE(again.has_value());
    CHECK(again->page.observations.size() == 1);
    CHECK(ordering.count_of("account_group_created") == "1");
    CHECK(ordering.made(2) != again->object_id);
    CHECK(ordering.count_of("account_group_created") == "2");
}

TEST_CASE("a group is closed over the wire: accepted, found after a lost answer, and finished in the end") {
    UpvestOrders ordering;
    const std::string group = ordering.made();
    CHECK_FALSE(ordering.look(UpvestOrders::closure(group))->stands);
    ordering.lose_answer_to("DELETE");
    CHECK(was_done_perhaps(ordering.perform(UpvestOrders::closure(group))));
    const auto found = ordering.look(UpvestOrders::closure(group));
    REQUIRE(found.has_value());
    CHECK(found->stands);
    CHECK_FALSE(found->finished);
    const auto again = ordering.perform(UpvestOrders::closure(group));
    REQUIRE(again.has_value());
    CHECK(again->stands);
    CHECK(ordering.count_of("account_group_closing_initiated") == "1");
    ordering.control("POST", "/closings", R"({"ids":[")" + group + R"("]})");
    const auto finished = ordering.look(UpvestOrders::closure(group));
    REQUIRE(finished.has_value());
    CHECK(finished->stands);
    CHECK(finished->finished);
}

TEST_CASE("a closing that is taken is accepted with its group, and an announced one changes no status") {
    UpvestOrders ordering;
    const std::string group = ordering.made();
    ActionOrder announcement = UpvestOrders::closure(group);
    json::set(announcement.arguments, "notification_only", true);
    const auto announced = ordering.perform(announcement);
    REQUIRE(announced.has_value());
    CHECK(announced->finished);
    CHECK_FALSE(ordering.look(UpvestOrders::closure(group))->stands);
    const auto effect = ordering.perform(UpvestOrders::closure(group));
    REQUIRE(effect.has_value());
    CHECK(effect->stands);
    CHECK_FALSE(effect->finished);
    const auto* seen = std::get_if<domain::AccountGroup>(&effect->page.observations.at(0).normalized);
    REQUIRE(seen != nullptr);
    CHECK(seen->status.value().value == domain::AccountStatus::closing);
    CHECK(ordering.count_of("account_group_closing_announced") == "1");
}
