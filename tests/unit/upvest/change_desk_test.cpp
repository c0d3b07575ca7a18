#include <doctest/doctest.h>

#include "adapters/upvest/change_desk.hpp"
#include "tests/support/stored_again.hpp"
#include "tests/unit/upvest/verifier.hpp"
#include "tests/unit/upvest/world.hpp"

using namespace tributary;
using domain::Errc;
using domain::ports::ActionEffect;
using domain::ports::ActionKind;
using domain::ports::ActionOrder;
using tests::answer;
using tests::World;

namespace {

constexpr auto group_id = "9d95820d-4333-46b6-98de-04ab7512e76f";
constexpr auto user_id = "9c36af78-91a0-4174-a515-fc81214e3dab";
const std::string group_path = "/account_groups/" + std::string(group_id);

ActionOrder order_of(ActionKind kind, std::string subject, std::string_view arguments) {
    return {.kind = kind,
            .subject = std::move(subject),
            .arguments = *tests::parse_or_fail(arguments).if_object(),
            .key = *domain::parse_uuid("0190c4b2-0000-7000-8000-0000000000aa")};
}

ActionOrder creation(std::string_view arguments = R"({"type": "personal"})") {
    return order_of(ActionKind::create_account_group, user_id, arguments);
}

ActionOrder closure(std::string_view arguments = R"({"closure_reason": "user_initiated"})") {
    return order_of(ActionKind::close_account_group, group_id, arguments);
}

ActionOrder announcement() {
    return closure(R"({"closure_reason": "aml", "notification_only": true})");
}

std::string group(std::string_view status) {
    return R"({"id":"9d95820d-4333-46b6-98de-04ab7512e76f","created_at":"2020-08-24T14:15:22Z",)"
           R"("updated_at":"2020-08-24T14:15:22Z","type":"PERSONAL","status":")" +
           std::string(status) +
           R"(","users":[{"id":"9c36af78-91a0-4174-a515-fc81214e3dab","type":"OWNER"}],)"
           R"("securities_account_number":"123456789"})";
}

/// A session whose changes are answered by method.
struct Changing {
    Changing() {
        world.answers["/account_groups"] = [this] { return made; };
        world.answers[group_path] = [this] {
            return world.transport.calls.back().method == "DELETE" ? closed : shown;
        };
    }

    domain::Result<ActionEffect> perform(ActionOrder order) {
        return tests::run_task(world.io, world.session->actions()->perform(std::move(order)));
    }

    domain::Result<ActionEffect> look(ActionOrder order) {
        return tests::run_task(world.io, world.session->actions()->look(std::move(order)));
    }

    World world;
    domain::Result<domain::ports::HttpAnswer> made = answer(200, group("PENDING_APPROVAL"));
    domain::Result<domain::ports::HttpAnswer> closed = answer(202, "");
    domain::Result<domain::ports::HttpAnswer> shown = answer(200, group("CLOSING"));
};

}  // namespace

TEST_CASE("a creation names the user and the type, and its signature covers body and idempotency key") {
    Changing changing;
    REQUIRE(
        changing.perform(creation(R"({"type": "french_pea", "securities_account_number": "012345678"})")));
    const auto calls = changing.world.transport.calls_to("/account_groups");
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].method == "POST");
    CHECK(
        calls[0].body ==
        R"({"user_id":"9c36af78-91a0-4174-a515-fc81214e3dab","type":"FRENCH_PEA","securities_account_number":"012345678"})");
    CHECK(calls[0].fields.find("content-type") == "application/json");
    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    const auto signature = tests::verify(calls[0], *crypto::VerifyingKey::from_pem(key->public_pem()));
    CHECK(signature.good);
    CHECK(signature.covered == std::vector<std::string>{"@method", "@path", "accept", "authorization",
                                                        "content-length", "content-type", "content-digest",
                                                        "idempotency-key", "upvest-api-version",
                                                        "upvest-client-id"});
}

TEST_CASE("the idempotency key is a version 5 UUID, the same at every attempt of one action alone") {
    Changing changing;
    auto other = creation();
    other.key.bytes[15] = 0xab;
    REQUIRE(changing.perform(creation()));
    REQUIRE(changing.perform(creation()));
    REQUIRE(changing.perform(other));
    const auto calls = changing.world.transport.calls_to("/account_groups");
    REQUIRE(calls.size() == 3);
    const std::string key(calls[0].fields.find("idempotency-key").value());
    // Made with Python's uuid.uuid5.
    CHECK(key == "70cbeefd-064c-5893-8c0b-92ad9db20add");
    CHECK(calls[1].fields.find("idempotency-key") == key);
    CHECK(calls[2].fields.find("idempotency-key") != key);
}

TEST_CASE("the answer to a creation is the group as a read brings it") {
    Changing changing;
    changing.shown = answer(200, group("PENDING_APPROVAL"));
    const auto effect = changing.perform(creation());
    const auto read = changing.world.read("account_groups", group_id);
    REQUIRE(effect);
    REQUIRE(read);
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->stream == "account_groups");
    CHECK(effect->object_id == group_id);
    REQUIRE(effect->page.observations.size() == 1);
    CHECK((effect->page.observations[0].normalized == read->observations[0].normalized));
    CHECK((effect->page.observations[0].access == read->observations[0].access));
    CHECK(effect->page.item_keys == read->item_keys);
    tests::check_stored_again(*upvest::make_provider(), "account_groups", effect->page, {});
}

TEST_CASE("a creation that was answered with no whole group stands without an object to store") {
    for (const std::string& body : {std::string(), std::string("{}"), std::string("<html>"),
                                    R"({"id":")" + std::string(group_id) + R"("})"}) {
        CAPTURE(body);
        Changing changing;
        changing.made = answer(200, body);
        const auto effect = changing.perform(creation());
        REQUIRE(effect);
        CHECK(effect->stands);
        CHECK(effect->object_id.empty());
        CHECK(effect->page.observations.empty());
        CHECK(effect->page.quarantined.empty());
    }
}

TEST_CASE("a creation is not looked for but sent again, and so is an announced closing") {
    Changing changing;
    CHECK(changing.look(creation()).error().code == Errc::invalid_input);
    CHECK(changing.look(announcement()).error().code == Errc::invalid_input);
    CHECK(changing.world.transport.calls.empty());
}

TEST_CASE("a closing that Upvest took stands, and is finished once the group is closed") {
    struct Row {
        const char* status;
        bool finished;
    };

    for (const Row& row : {Row{"CLOSING", false}, Row{"CLOSED", true}, Row{"ACTIVE", false}}) {
        CAPTURE(row.status);
        Changing changing;
        changing.shown = answer(200, group(row.status));
        const auto effect = changing.perform(closure());
        REQUIRE(effect);
        CHECK(effect->stands);
        CHECK(effect->finished == row.finished);
        CHECK(effect->object_id == group_id);
        CHECK(effect->page.item_keys == std::vector<std::string>{group_id});
        const auto calls = changing.world.transport.calls_to(group_path);
        REQUIRE(calls.size() == 2);
        CHECK(calls[0].method == "DELETE");
        CHECK(calls[0].target == group_path + "?closure_reason=user_initiated&notification_only=false");
        CHECK(calls[0].body.empty());
        CHECK_FALSE(calls[0].fields.find("idempotency-key").has_value());
        CHECK_FALSE(calls[0].fields.find("content-digest").has_value());
    }
}

TEST_CASE("a closing that was taken stands where the group cannot be read") {
    Changing changing;
    changing.shown = answer(503, "");
    const auto effect = changing.perform(closure());
    REQUIRE(effect);
    CHECK(effect->stands);
    CHECK_FALSE(effect->finished);
    CHECK(effect->page.observations.empty());
}

TEST_CASE("an announced closing is finished with its answer") {
    Changing changing;
    const auto effect = changing.perform(announcement());
    REQUIRE(effect);
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->page.observations.empty());
    const auto calls = changing.world.transport.calls_to(group_path);
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].target == group_path + "?closure_reason=aml&notification_only=true");
}

TEST_CASE("a refused closing of a group that is closing or closed already stands") {
    for (const auto* status : {"CLOSING", "CLOSED"}) {
        Changing changing;
        changing.closed = answer(409, "");
        changing.shown = answer(200, group(status));
        const auto effect = changing.perform(closure());
        REQUIRE(effect);
        CHECK(effect->stands);
        CHECK(effect->finished == (std::string_view(status) == "CLOSED"));
        CHECK(effect->page.observations.size() == 1);
    }
    Changing locked;
    locked.closed = answer(409, "");
    locked.shown = answer(200, group("LOCKED"));
    CHECK(locked.perform(closure()).error().code == Errc::conflict);
    Changing announced;
    announced.closed = answer(409, "");
    CHECK(announced.perform(announcement()).error().code == Errc::conflict);
}

TEST_CASE("the look at a closing tells by the group's status") {
    struct Row {
        const char* status;
        bool stands;
        bool finished;
    };

    for (const Row& row : {Row{"ACTIVE", false, false}, Row{"CLOSING", true, false},
                           Row{"CLOSED", true, true}, Row{"UNDER_REVIEW", false, false}}) {
        CAPTURE(row.status);
        Changing changing;
        changing.shown = answer(200, group(row.status));
        const auto effect = changing.look(closure());
        REQUIRE(effect);
        CHECK(effect->stands == row.stands);
        CHECK(effect->finished == row.finished);
        CHECK(effect->stream == "account_groups");
        CHECK(effect->page.observations.size() == 1);
        CHECK(changing.world.transport.calls_to(group_path).size() == 1);
    }
    Changing missing;
    missing.shown = answer(404, "");
    CHECK(missing.look(closure()).error().code == Errc::not_found);
}

TEST_CASE("a refused order was not done, a failing provider may have done it, and neither is sent twice") {
    struct Row {
        int status;
        Errc code;
    };

    constexpr Row rows[] = {
        {400, Errc::invalid_input}, {403, Errc::permission_denied}, {404, Errc::not_found},
        {409, Errc::conflict},      {410, Errc::not_found},         {422, Errc::invalid_input},
        {429, Errc::throttled},     {500, Errc::unavailable},       {504, Errc::unavailable}};
    for (const Row& row : rows) {
        CAPTURE(row.status);
        Changing changing;
        changing.made = answer(row.status, "");
        CHECK(changing.perform(creation()).error().code == row.code);
        CHECK(changing.world.transport.calls_to("/account_groups").size() == 1);
    }
    Changing lost;
    lost.made = domain::fail(Errc::timed_out, "No answer came in time.");
    CHECK(lost.perform(creation()).error().code == Errc::timed_out);
}

TEST_CASE("an expired token costs a creation one more attempt under the same idempotency key") {
    Changing changing;
    int refusals = 1;
    changing.world.answers["/account_groups"] = [&] {
        return refusals-- > 0 ? answer(401, "") : answer(200, group("PENDING_APPROVAL"));
    };
    REQUIRE(changing.perform(creation()));
    const auto calls = changing.world.transport.calls_to("/account_groups");
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].fields.find("idempotency-key") == calls[1].fields.find("idempotency-key"));
    CHECK(calls[1].fields.find("authorization") == "Bearer token-2");
    CHECK(calls[0].fields.find("signature-input") != calls[1].fields.find("signature-input"));
}

TEST_CASE("an order of another provider's kind, with an odd id or bad arguments asks nothing") {
    Changing changing;
    for (const auto& order :
         {order_of(ActionKind::put_preferences, user_id, "{}"),
          order_of(ActionKind::close_account_group, "a/../b", R"({"closure_reason": "aml"})"), creation("{}"),
          closure("{}")}) {
        CHECK(changing.perform(order).error().code == Errc::invalid_input);
    }
    CHECK(changing.world.transport.calls.empty());
}
