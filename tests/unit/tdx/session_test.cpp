#include <doctest/doctest.h>

#include "fakes.hpp"
#include "fixture.hpp"
#include "tests/support/run_task.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::EntityRef;
using domain::Errc;
using domain::ports::PageRequest;
using domain::ports::Paging;
using tests::fixture;
using tests::Rig;
using tests::run_task;

namespace {

auto fetch(domain::ports::ProviderSession& session, const std::string& stream, PageRequest request = {}) {
    return run_task(session.fetch(stream, std::move(request)));
}

PageRequest first_page(std::uint32_t limit) {
    PageRequest request;
    request.limit = limit;
    return request;
}

auto read(domain::ports::ProviderSession& session, const std::string& stream, const std::string& id) {
    return run_task(session.read(stream, id));
}

std::string users_page(const std::string& id, const std::string& next) {
    return R"({"result": [{"id": ")" + id + R"("}], "pagination": {"cursors": {"next": ")" + next + "\"}}}";
}

/// The part of an Authorization header after `name=`, up to the next space.
std::string part(const domain::ports::HttpCall& call, const std::string& name) {
    const std::string header(call.fields.find("Authorization").value_or(""));
    const std::size_t start = header.find(name + "=");
    REQUIRE(start != std::string::npos);
    return header.substr(start + name.size() + 1, header.find(' ', start) - start - name.size() - 1);
}

}  // namespace

TEST_CASE("the streams are walked so that what others refer to comes first") {
    Rig rig;
    const auto session = rig.open_with_key();
    std::vector<std::string> names;
    for (const auto& facts : session->streams()) {
        names.push_back(facts.name);
        const bool single =
            facts.name == "user" || facts.name == "client_account" || facts.name == "preferences";
        CHECK(facts.paging == (single ? Paging::single : Paging::cursor));
        CHECK(facts.page_limit == (single ? 1U : 500U));
        CHECK(facts.may_be_denied == (facts.name == "users"));
        CHECK(facts.fullness == (facts.name == "users" ? 1 : 0));
        CHECK_FALSE(facts.has_total);
    }
    CHECK(names == std::vector<std::string>{"user", "client_account", "users", "sub_accounts", "preferences",
                                            "user_attributes", "client_account_attributes"});
}

TEST_CASE("every stream asks its documented endpoint") {
    Rig rig;
    const auto session = rig.open_with_key({"user-uuid", "client-account-uuid"});
    rig.transport.answer("GET /users/me", 200, fixture("own_user"));
    rig.transport.answer("GET /client-accounts/mine", 200, fixture("client_account"));
    rig.transport.answer("GET /users", 200, fixture("users"));
    rig.transport.answer("GET /sub-accounts/mine", 200, fixture("sub_accounts"));
    rig.transport.answer("GET /users/me/preferences", 200, fixture("preferences"));
    rig.transport.answer("GET /users/me/attributes", 200, fixture("user_attributes"));
    rig.transport.answer("GET /client-accounts/mine/attributes", 200, fixture("user_attributes"));
    for (const auto& facts : session->streams()) {
        CAPTURE(facts.name);
        const auto page = fetch(*session, facts.name, first_page(facts.page_limit));
        REQUIRE(page.has_value());
        CHECK_FALSE(page->observations.empty());
        CHECK(page->observations[0].entity.kind == facts.kind);
        CHECK(page->self == domain::SelfIds{"user-uuid", "client-account-uuid"});
    }
    CHECK(rig.transport.calls.size() == 7);
}

TEST_CASE("an API key signs every attempt anew and a GET carries no content type") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/me", 401, "");
    rig.transport.answer("GET /users/me", 200, fixture("own_user"));
    REQUIRE(fetch(*session, "user").has_value());
    REQUIRE(rig.transport.calls.size() == 2);
    const auto& call = rig.transport.calls[0];
    CHECK(call.method == "GET");
    CHECK(call.origin == "https://api.t-dx.com");
    CHECK(call.target == "/api/rest/v1/users/me");
    CHECK_FALSE(call.fields.find("Content-Type").has_value());
    CHECK(call.fields.find("Accept") == "application/json");
    CHECK(part(call, "ApiKey") == "key-1");
    CHECK(part(call, "Timestamp") == "1111111109000");
    const std::string nonce = part(call, "Nonce");
    CHECK(domain::parse_uuid(nonce).has_value());
    CHECK(nonce[14] == '4');
    CHECK(part(rig.transport.calls[1], "Nonce") != nonce);
    CHECK(part(rig.transport.calls[1], "Signature") != part(call, "Signature"));
}

TEST_CASE("the signed host is the one that is sent: no default port, every other one") {
    const auto signature = [](const std::string& base_url) {
        Rig rig;
        rig.transport.answer("GET /users/me", 200, fixture("own_user"));
        const auto session = rig.open(R"({"api_key": "key-1", "api_secret": "00ff"})", "{}", {}, base_url);
        REQUIRE(fetch(*session, "user").has_value());
        CHECK(rig.transport.calls[0].origin == base_url);
        return part(rig.transport.calls[0], "Signature");
    };
    CHECK(signature("https://api.t-dx.com:443") == signature("https://api.t-dx.com"));
    CHECK(signature("https://api.t-dx.com:8443") != signature("https://api.t-dx.com"));
}

TEST_CASE("an API key that is refused twice is unauthenticated") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/me", 401, "");
    rig.transport.answer("GET /users/me", 401, "");
    CHECK(fetch(*session, "user").error().code == Errc::unauthenticated);
    CHECK(rig.transport.calls.size() == 2);
}

TEST_CASE("a walk follows the cursor with the same limit and nothing else, to the page without one") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users", 200, users_page("u1", "a+/="));
    rig.transport.answer("GET /users", 200, users_page("u2", ""));
    const auto first = fetch(*session, "users", first_page(500));
    REQUIRE(first.has_value());
    REQUIRE(first->next_cursor == "a+/=");
    const auto second = fetch(*session, "users", {.cursor = first->next_cursor, .limit = 500});
    REQUIRE(second.has_value());
    CHECK_FALSE(second->next_cursor.has_value());
    CHECK(rig.transport.calls[0].target == "/api/rest/v1/users?limit=500");
    CHECK(rig.transport.calls[1].target == "/api/rest/v1/users?limit=500&cursor=a%2B%2F%3D");
}

TEST_CASE("a limit outside the documented range is brought into it") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users", 200, users_page("u1", ""));
    rig.transport.answer("GET /users", 200, users_page("u1", ""));
    REQUIRE(fetch(*session, "users", first_page(1000)).has_value());
    CHECK(rig.transport.calls[0].target.ends_with("limit=500"));
    // A single full page with its pagination is no reason to doubt it.
    REQUIRE(fetch(*session, "users", first_page(0)).has_value());
    CHECK(rig.transport.calls[1].target.ends_with("limit=1"));
}

TEST_CASE("users that may not be listed are permission_denied") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users", 403, fixture("permission_denied"));
    const auto page = fetch(*session, "users", first_page(500));
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == Errc::permission_denied);
    CHECK(rig.transport.calls.size() == 1);
}

TEST_CASE("attributes hang off the own user, asked for once where nobody knows its id") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/me", 200, fixture("own_user"));
    rig.transport.answer("GET /users/me/attributes", 200, fixture("user_attributes"));
    rig.transport.answer("GET /users/me/attributes", 200, fixture("user_attributes"));
    const auto page = fetch(*session, "user_attributes", first_page(500));
    REQUIRE(page.has_value());
    CHECK(page->observations.at(0).entity == EntityRef{EntityKind::profile, "user-uuid"});
    CHECK(page->self.profile == "user-uuid");
    REQUIRE(fetch(*session, "user_attributes", first_page(500)).has_value());
    CHECK(rig.transport.count("GET /users/me") == 1);
}

TEST_CASE("client account attributes hang off the client account, learned or known from earlier runs") {
    Rig rig;
    rig.transport.answer("GET /client-accounts/mine", 200, fixture("client_account"));
    rig.transport.answer("GET /client-accounts/mine/attributes", 200, fixture("user_attributes"));
    rig.transport.answer("GET /client-accounts/mine/attributes", 200, fixture("user_attributes"));
    const auto stranger = rig.open_with_key();
    CHECK(fetch(*stranger, "client_account_attributes")->observations.at(0).entity ==
          EntityRef{EntityKind::account, "client-account-uuid"});
    const auto acquaintance = rig.open_with_key({std::nullopt, "earlier"});
    CHECK(fetch(*acquaintance, "client_account_attributes")->observations.at(0).entity ==
          EntityRef{EntityKind::account, "earlier"});
    CHECK(rig.transport.count("GET /client-accounts/mine") == 1);
}

TEST_CASE("attributes fail where the own user cannot be learned") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/me", 200, R"({"result": {"username": "u"}})");
    CHECK(fetch(*session, "user_attributes").error().code == Errc::contract);
    rig.transport.answer("GET /users/me", 503, "");
    CHECK(fetch(*session, "user_attributes").error().code == Errc::unavailable);
}

TEST_CASE("a sub-account and attributes are read by id, encoded into the path") {
    Rig rig;
    const auto session = rig.open_with_key({"user-uuid", "client-account-uuid"});
    const std::string id = "7376524e-6b6b-4137-9719-7e07a7709804";
    rig.transport.answer("GET /sub-accounts/" + id, 200, fixture("sub_account"));
    const auto sub_account = read(*session, "sub_accounts", id);
    REQUIRE(sub_account.has_value());
    CHECK(sub_account->observations.at(0).provider_id == id);
    rig.transport.answer("GET /users/me/attributes/a%2Fb", 200, R"({"result": {"id": "a/b"}})");
    CHECK(read(*session, "user_attributes", "a/b").has_value());
    rig.transport.answer("GET /client-accounts/mine/attributes/c", 200, R"({"result": {"id": "c"}})");
    const auto attribute = read(*session, "client_account_attributes", "c");
    REQUIRE(attribute.has_value());
    CHECK(attribute->observations.at(0).entity == EntityRef{EntityKind::account, "client-account-uuid"});
}

TEST_CASE("a read by id is gone on 404 and never takes another object for the one asked for") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /sub-accounts/s", 404, "");
    CHECK(read(*session, "sub_accounts", "s").error().code == Errc::gone);
    rig.transport.answer("GET /sub-accounts/s", 200, R"({"result": {"id": "t"}})");
    CHECK(read(*session, "sub_accounts", "s").error().code == Errc::contract);
    rig.transport.answer("GET /sub-accounts/s", 200, R"({"result": {"name": "n"}})");
    CHECK(read(*session, "sub_accounts", "s").error().code == Errc::contract);
    rig.transport.answer("GET /sub-accounts/s", 403, "");
    CHECK(read(*session, "sub_accounts", "s").error().code == Errc::permission_denied);
}

TEST_CASE("a stream that is gone as a whole is not_found, so that nothing of it is taken for removed") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /sub-accounts/mine", 404, "");
    CHECK(fetch(*session, "sub_accounts").error().code == Errc::not_found);
}

TEST_CASE("the users of a sub-account are read whole, page after page") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/by-sub-account/s", 200, users_page("u1", "c"));
    rig.transport.answer("GET /users/by-sub-account/s", 200, users_page("u2", ""));
    const auto page = read(*session, "users_by_sub_account", "s");
    REQUIRE(page.has_value());
    CHECK(page->item_keys == std::vector<std::string>{"u1", "u2"});
    CHECK_FALSE(page->next_cursor.has_value());
    CHECK(page->observations.at(1).access.at(0).target == EntityRef{EntityKind::sub_account, "s"});
}

TEST_CASE("a list of users that goes in circles breaks the contract instead of going on for ever") {
    Rig rig;
    const auto session = rig.open_with_key();
    for (int i = 0; i < 10; ++i) {
        rig.transport.answer("GET /users/by-sub-account/s", 200, users_page("u1", "c"));
    }
    CHECK(read(*session, "users_by_sub_account", "s").error().code == Errc::contract);
    CHECK(rig.transport.calls.size() == 2);
}

TEST_CASE("what has no such stream or read is invalid input and asks nobody") {
    Rig rig;
    const auto session = rig.open_with_key();
    CHECK(fetch(*session, "users_by_sub_account").error().code == Errc::invalid_input);
    CHECK(fetch(*session, "orders").error().code == Errc::invalid_input);
    CHECK(read(*session, "users", "u").error().code == Errc::invalid_input);
    CHECK(read(*session, "sub_accounts", "").error().code == Errc::invalid_input);
    CHECK(rig.transport.calls.empty());
}

TEST_CASE("an answer of 200 that is no JSON breaks the contract, and is told with what was asked for") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users/me", 200, "<html>Welcome to the hotel's network</html>");
    const auto page = fetch(*session, "user");
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == Errc::contract);
    CHECK(page.error().detail.starts_with("T-DX, asked for own user: The answer is no JSON."));
    CHECK(page.error().detail.find("hotel") == std::string::npos);
}

TEST_CASE("an answer of another shape is told with what was asked for") {
    Rig rig;
    const auto session = rig.open_with_key();
    rig.transport.answer("GET /users", 200, R"({"hotel": "Ada"})");
    const auto page = fetch(*session, "users");
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().detail.starts_with("T-DX, asked for users: The answer has no list"));
    CHECK(page.error().detail.find("hotel") == std::string::npos);
}

TEST_CASE(
    "opening with what check() refuses, or with a base URL that is no origin, is a configuration error") {
    Rig rig;
    CHECK(rig.provider->name() == "tdx");
    CHECK(rig.provider->check({}, {}).size() == 1);
    domain::ports::ConnectionContext context;
    context.base_url = "https://api.t-dx.com";
    const auto empty = rig.provider->open(context, {rig.transport, rig.clock, rig.random});
    REQUIRE_FALSE(empty.has_value());
    CHECK(empty.error().code == Errc::configuration);
    CHECK(empty.error().pointer == "/credentials");
    context.credentials = {{"api_key", "k"}, {"api_secret", "00"}};
    context.base_url = "https://api.t-dx.com/api/rest/v1";
    CHECK(rig.provider->check({}, context.credentials).empty());
    CHECK(rig.provider->open(context, {rig.transport, rig.clock, rig.random}).error().pointer == "/base_url");
}
