#include <doctest/doctest.h>

#include "changes.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using domain::ports::ActionKind;

namespace {

const std::string preferences_route = "PUT /users/me/preferences";
const std::string attributes_route = "POST /users/me/attributes";
const std::string deletion_route = "DELETE /users/me/attributes/attribute-uuid";

}  // namespace

TEST_CASE("preferences are put whole in T-DX's words, signed with content type and body") {
    ChangeRig rig;
    rig.transport.answer(preferences_route, 200, changed_preferences());
    REQUIRE(rig.perform(preferences_order()).has_value());
    const auto& call = rig.transport.calls.at(1);
    CHECK(call.method == "PUT");
    CHECK(call.body ==
          R"({"language":"LANGUAGE_GERMAN","notifications":{"orderPlacement":true,"orderConfirmation":false,)"
          R"("orderCancellation":true,"settlementLine":false}})");
    CHECK(call.fields.find("Content-Type") == "application/json");
    // Made with Python's hashlib and hmac of the documented input.
    CHECK(call.fields.find("Authorization") ==
          "TDXV1-HMAC-SHA256 ApiKey=key-1 Nonce=10111213-1415-4617-9819-1a1b1c1d1e1f Timestamp=1111111109000 "
          "Signature=1iDoQoOaK1Vq7ab1wcb8AYZn8SXPSyiP0fXxu27gusQ=");
}

TEST_CASE("an answer that is the whole object as ordered is taken, and nothing is asked again") {
    ChangeRig rig;
    rig.transport.answer(preferences_route, 200, changed_preferences());
    const auto effect = rig.perform(preferences_order());
    REQUIRE(effect.has_value());
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->stream == "preferences");
    CHECK(effect->object_id == "preferences-uuid");
    CHECK(effect->page.self.profile == "user-uuid");
    REQUIRE(effect->page.observations.size() == 1);
    CHECK(effect->page.item_keys == std::vector<std::string>{"preferences-uuid"});
    check_stored_again(*rig.provider, "preferences", effect->page, effect->page.self);
    CHECK(rig.transport.calls.size() == 2);
}

TEST_CASE("the page of changed preferences is the one that a fetch of the stream brings") {
    for (const std::string& answer : {std::string(), std::string("{}"), changed_preferences(),
                                      std::string(R"({"result": {"id": "preferences-uuid"}})")}) {
        CAPTURE(answer);
        ChangeRig rig;
        rig.transport.answer(preferences_route, 200, answer);
        rig.transport.answer("GET /users/me/preferences", 200, changed_preferences());
        rig.transport.answer("GET /users/me/preferences", 200, changed_preferences());
        const auto effect = rig.perform(preferences_order());
        const auto fetched = run_task(rig.session->fetch("preferences", {}));
        REQUIRE(effect.has_value());
        REQUIRE(fetched.has_value());
        CHECK(effect->stands);
        REQUIRE(effect->page.observations.size() == 1);
        const auto& seen = effect->page.observations[0];
        CHECK((seen.normalized == fetched->observations[0].normalized));
        CHECK((seen.raw == fetched->observations[0].raw));
        CHECK((seen.entity == fetched->observations[0].entity));
        CHECK(effect->page.item_keys == fetched->item_keys);
        CHECK((effect->page.self == fetched->self));
    }
}

TEST_CASE("an answer of somebody else's or of former preferences is not taken for the changed ones") {
    std::string stranger = changed_preferences();
    stranger.replace(stranger.find("user-uuid"), 9, "other-one");
    for (const std::string& answer : {stranger, fixture("preferences")}) {
        ChangeRig rig;
        rig.transport.answer(preferences_route, 200, answer);
        rig.transport.answer("GET /users/me/preferences", 200, changed_preferences());
        const auto effect = rig.perform(preferences_order());
        REQUIRE(effect.has_value());
        CHECK(effect->page.observations.at(0).entity.provider_id == "user-uuid");
        CHECK(rig.transport.count("GET /users/me/preferences") == 1);
    }
}

TEST_CASE("a change that was taken stands where it cannot be read back") {
    ChangeRig rig;
    rig.transport.answer(preferences_route, 204, "");
    rig.transport.answer("GET /users/me/preferences", 503, "");
    const auto effect = rig.perform(preferences_order());
    REQUIRE(effect.has_value());
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->page.observations.empty());
    CHECK(effect->object_id.empty());
}

TEST_CASE("a change that was taken and is not read back yet tells nothing to store") {
    ChangeRig rig;
    rig.transport.answer(preferences_route, 204, "");
    // A replica of T-DX that lags behind.
    rig.transport.answer("GET /users/me/preferences", 200, fixture("preferences"));
    const auto effect = rig.perform(preferences_order());
    REQUIRE(effect.has_value());
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->page.observations.empty());
}

TEST_CASE("what belongs to another user than the owner of the credentials is neither changed nor looked at") {
    for (const auto& order :
         {preferences_order("user-2"), order_of(ActionKind::put_attribute, "user-2",
                                                R"({"type": "a", "sub_type": "b", "key": "c",
                                "value": "d", "content_type": "text/plain"})")}) {
        ChangeRig rig;
        CHECK(rig.perform(order).error().code == Errc::permission_denied);
        CHECK(rig.look(order).error().code == Errc::permission_denied);
        CHECK(rig.transport.routes() == std::vector<std::string>{"GET /users/me"});
    }
}

TEST_CASE("the owner is asked for anew, because what was learned once may be of other credentials") {
    ChangeRig rig;
    rig.session = rig.open_with_key({"user-2", "client-account-uuid"});
    CHECK(rig.perform(preferences_order("user-2")).error().code == Errc::permission_denied);
    CHECK(rig.transport.count(preferences_route) == 0);
}

TEST_CASE("the look at preferences tells whether they are as ordered, and whatever they are") {
    ChangeRig rig;
    rig.transport.answer("GET /users/me/preferences", 200, fixture("preferences"));
    rig.transport.answer("GET /users/me/preferences", 200, changed_preferences());
    rig.transport.answer("GET /users/me/preferences", 404, "");
    const auto before = rig.look(preferences_order());
    const auto after = rig.look(preferences_order());
    const auto none = rig.look(preferences_order());
    REQUIRE(before.has_value());
    CHECK_FALSE(before->stands);
    CHECK_FALSE(before->finished);
    CHECK(before->page.observations.size() == 1);
    REQUIRE(after.has_value());
    CHECK(after->stands);
    CHECK(after->finished);
    REQUIRE(none.has_value());
    CHECK_FALSE(none->stands);
    CHECK(none->page.observations.empty());
}

TEST_CASE("an attribute is posted in T-DX's words, and the list tells what stands") {
    ChangeRig rig;
    rig.transport.answer(attributes_route, 200, "");
    rig.transport.answer("GET /users/me/attributes", 200,
                         attributes_page(attribute_text("a1", "font", "light"), "next"));
    rig.transport.answer("GET /users/me/attributes", 200,
                         attributes_page(attribute_text("a2", "theme", "light")));
    const auto effect = rig.perform(attribute_order());
    REQUIRE(effect.has_value());
    CHECK(
        rig.transport.calls.at(1).body ==
        R"({"attributes":[{"type":"preference","subType":"ui","key":"theme","value":"light","contentType":"text/plain"}]})");
    CHECK(effect->stands);
    CHECK(effect->finished);
    CHECK(effect->stream == "user_attributes");
    CHECK(effect->object_id == "a2");
    CHECK(effect->page.item_keys == std::vector<std::string>{"a2"});
    CHECK(effect->page.self.profile == "user-uuid");
    check_stored_again(*rig.provider, "user_attributes", effect->page, effect->page.self);
}

TEST_CASE("where posting makes a second attribute instead of replacing the first, both are told") {
    ChangeRig rig;
    rig.transport.answer(attributes_route, 200, R"({"attributes": "whatever"})");
    rig.transport.answer("GET /users/me/attributes", 200,
                         attributes_page(attribute_text("a1", "theme", "dark") + "," +
                                         attribute_text("a2", "theme", "light")));
    const auto effect = rig.perform(attribute_order());
    REQUIRE(effect.has_value());
    CHECK(effect->object_id == "a2");
    CHECK(effect->page.item_keys == std::vector<std::string>{"a1", "a2"});
}

TEST_CASE("the look at an attribute wants place, value and content type alike") {
    ChangeRig rig;
    rig.transport.answer("GET /users/me/attributes", 200, fixture("user_attributes"));
    rig.transport.answer("GET /users/me/attributes", 200, fixture("user_attributes"));
    rig.transport.answer("GET /users/me/attributes", 200, attributes_page(""));
    CHECK(rig.look(attribute_order("dark"))->stands);
    const auto other = rig.look(attribute_order("light"));
    REQUIRE(other.has_value());
    CHECK_FALSE(other->stands);
    CHECK_FALSE(other->finished);
    CHECK(other->page.item_keys == std::vector<std::string>{"attribute-uuid"});
    CHECK_FALSE(rig.look(attribute_order("dark"))->stands);
}

TEST_CASE("a list of attributes that leads back to itself ends the look with an error") {
    ChangeRig rig;
    for (int i = 0; i < 3; ++i) {
        rig.transport.answer("GET /users/me/attributes", 200, attributes_page("", "again"));
    }
    CHECK(rig.look(attribute_order()).error().code == Errc::contract);
}

TEST_CASE("a deleted attribute is named by its key, also where it was gone before") {
    for (const int status : {200, 204, 404, 410}) {
        CAPTURE(status);
        ChangeRig rig;
        rig.transport.answer(deletion_route, status, "");
        const auto effect = rig.perform(deletion_order());
        REQUIRE(effect.has_value());
        CHECK(effect->stands);
        CHECK(effect->finished);
        CHECK(effect->stream == "user_attributes");
        CHECK(effect->removed == std::vector<std::string>{"attribute-uuid"});
        CHECK(effect->page.observations.empty());
        const auto& call = rig.transport.calls.at(0);
        CHECK(call.body.empty());
        CHECK_FALSE(call.fields.find("Content-Type").has_value());
    }
}

TEST_CASE("the look at a deletion asks for the attribute alone: gone stands, there does not") {
    ChangeRig rig;
    std::string one = R"({"result": )" + attribute_text("attribute-uuid", "theme", "dark") + "}";
    rig.transport.answer("GET /users/me/attributes/attribute-uuid", 404, "");
    rig.transport.answer("GET /users/me/attributes/attribute-uuid", 200, one);
    rig.transport.answer("GET /users/me/attributes/attribute-uuid", 503, "");
    const auto gone = rig.look(deletion_order());
    REQUIRE(gone.has_value());
    CHECK(gone->stands);
    CHECK(gone->removed == std::vector<std::string>{"attribute-uuid"});
    const auto there = rig.look(deletion_order());
    REQUIRE(there.has_value());
    CHECK_FALSE(there->stands);
    CHECK(there->removed.empty());
    CHECK(there->page.item_keys == std::vector<std::string>{"attribute-uuid"});
    CHECK(rig.look(deletion_order()).error().code == Errc::unavailable);
}

TEST_CASE("an id that would lead to another path is refused before anything is asked") {
    for (const std::string& id :
         {std::string(), std::string("."), std::string(".."), std::string(300, 'a')}) {
        ChangeRig rig;
        CHECK(rig.perform(deletion_order(id)).error().code == Errc::invalid_input);
        CHECK(rig.look(deletion_order(id)).error().code == Errc::invalid_input);
        CHECK(rig.transport.calls.empty());
    }
    ChangeRig rig;
    rig.transport.answer("DELETE /users/me/attributes/a%2F..%2Fb", 200, "");
    CHECK(rig.perform(deletion_order("a/../b")).has_value());
}

TEST_CASE("a refusal says that nothing was done, anything else that it may have been") {
    struct Row {
        int status;
        Errc code;
    };

    constexpr Row rows[] = {
        {400, Errc::invalid_input}, {403, Errc::permission_denied}, {404, Errc::not_found},
        {409, Errc::conflict},      {422, Errc::conflict},          {429, Errc::throttled},
        {500, Errc::unavailable},   {503, Errc::unavailable},       {302, Errc::contract}};
    for (const Row& row : rows) {
        CAPTURE(row.status);
        ChangeRig rig;
        rig.transport.answer(attributes_route, row.status, R"({"message": "Zoe Mueller"})");
        const auto refused = rig.perform(attribute_order());
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == row.code);
        CHECK(refused.error().detail.find("Zoe") == std::string::npos);
        CHECK(rig.transport.count(attributes_route) == 1);
    }
}

TEST_CASE("a lost answer is the transport's error, and the order is not sent a second time") {
    ChangeRig rig;
    rig.transport.answer(attributes_route, domain::fail(Errc::timed_out, "No answer came in time."));
    CHECK(rig.perform(attribute_order()).error().code == Errc::timed_out);
    CHECK(rig.transport.count(attributes_route) == 1);
}

TEST_CASE("a change that meets 401 is signed anew once, with the same body") {
    ChangeRig rig;
    rig.transport.answer(preferences_route, 401, "");
    rig.transport.answer(preferences_route, 200, changed_preferences());
    REQUIRE(rig.perform(preferences_order()).has_value());
    REQUIRE(rig.transport.calls.size() == 3);
    CHECK(rig.transport.calls[1].body == rig.transport.calls[2].body);
    CHECK(rig.transport.calls[1].fields.find("Authorization") !=
          rig.transport.calls[2].fields.find("Authorization"));
}

TEST_CASE("an order of another provider's kind or with bad arguments is refused before anything is asked") {
    ChangeRig rig;
    for (const auto& order : {order_of(ActionKind::create_account_group, "user-uuid"),
                              order_of(ActionKind::put_preferences, "user-uuid", R"({"language": "german"})"),
                              order_of(ActionKind::put_attribute, "user-uuid")}) {
        CHECK(rig.perform(order).error().code == Errc::invalid_input);
        CHECK(rig.look(order).error().code == Errc::invalid_input);
    }
    CHECK(rig.transport.calls.empty());
}
