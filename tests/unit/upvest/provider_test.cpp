#include "adapters/upvest/provider.hpp"

#include <doctest/doctest.h>

#include "tests/unit/upvest/verifier.hpp"
#include "tests/unit/upvest/world.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Errc;
using tests::answer;
using tests::World;

namespace {

crypto::VerifyingKey public_key() {
    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    return std::move(*crypto::VerifyingKey::from_pem(key->public_pem()));
}

constexpr auto group_id = "9d95820d-4333-46b6-98de-04ab7512e76f";
constexpr auto user_id = "413715f2-5401-4b97-8055-034a6b879f8c";

}  // namespace

TEST_CASE(
    "the streams are users, account groups and accounts, each an offset walk with a total and a single "
    "read") {
    World world;

    struct Row {
        std::string_view name;
        EntityKind kind;
    };

    constexpr Row rows[] = {{"users", EntityKind::profile},
                            {"account_groups", EntityKind::account_group},
                            {"accounts", EntityKind::account}};
    const auto streams = world.session->streams();
    REQUIRE(streams.size() == 3);
    for (std::size_t i = 0; i < streams.size(); ++i) {
        CHECK(streams[i].name == rows[i].name);
        CHECK(streams[i].kind == rows[i].kind);
        CHECK(streams[i].paging == domain::ports::Paging::offset);
        CHECK(streams[i].page_limit == 1000);
        CHECK(streams[i].has_total);
        CHECK(streams[i].has_single_read);
        CHECK_FALSE(streams[i].may_be_denied);
    }
}

TEST_CASE("a page is asked for by creation with offset and limit, signed, and bare of a body's fields") {
    World world;
    REQUIRE(world.fetch("account_groups", {{}, 1998, 1000}));
    const auto calls = world.transport.calls_to("/account_groups");
    REQUIRE(calls.size() == 1);
    const auto& call = calls[0];
    CHECK(call.method == "GET");
    CHECK(call.origin == "https://sandbox.upvest.co");
    CHECK(call.target == "/account_groups?sort=created_at&order=ASC&offset=1998&limit=1000");
    CHECK(call.body.empty());
    CHECK(call.fields.find("accept") == "application/json");
    CHECK(call.fields.find("authorization") == "Bearer token-1");
    CHECK(call.fields.find("upvest-api-version") == "1");
    CHECK(call.fields.find("upvest-client-id") == "5ec16164-6173-461d-b90d-116d68f55b40");
    CHECK(call.fields.find("upvest-signature-version") == "15");
    CHECK_FALSE(call.fields.find("content-type").has_value());
    CHECK_FALSE(call.fields.find("content-digest").has_value());

    const auto signature = tests::verify(call, public_key());
    CHECK(signature.good);
    CHECK(signature.covered == std::vector<std::string>{"@method", "@path", "@query", "accept",
                                                        "authorization", "upvest-api-version",
                                                        "upvest-client-id"});
    CHECK(signature.key_id == "8d4997a8-cf7a-4e51-adbb-401656a3e5c2");
    CHECK(signature.created == 1'735'689'600);
    CHECK(signature.expires == 1'735'689'630);
}

TEST_CASE("a limit outside of what Upvest takes is moved to its nearest bound") {
    World world;
    REQUIRE(world.fetch("users", {{}, 0, 0}));
    CHECK(world.transport.calls.back().target.ends_with("&limit=1"));
    REQUIRE(world.fetch("users", {{}, 0, 100'000}));
    CHECK(world.transport.calls.back().target.ends_with("&limit=1000"));
}

TEST_CASE("the token call is a signed form with the client's id beside it") {
    World world;
    REQUIRE(world.fetch("users"));
    const auto calls = world.transport.calls_to("/auth/token");
    REQUIRE(calls.size() == 1);
    const auto& call = calls[0];
    CHECK(call.method == "POST");
    CHECK(call.fields.find("content-type") == "application/x-www-form-urlencoded");
    CHECK_FALSE(call.fields.find("authorization").has_value());
    CHECK(call.body ==
          "client_id=5ec16164-6173-461d-b90d-116d68f55b40&client_secret=s3cret%2F%2B%26%3D+%C3%BC"
          "&grant_type=client_credentials&scope=accounts%3Aread+users%3Aread");
    const auto signature = tests::verify(call, public_key());
    CHECK(signature.good);
    CHECK(signature.covered == std::vector<std::string>{"@method", "@path", "accept", "content-length",
                                                        "content-type", "content-digest",
                                                        "upvest-api-version", "upvest-client-id"});
}

TEST_CASE("an api version of the settings is sent and signed") {
    World world;
    auto context = World::context();
    json::set(context.settings, "api_version", "2");
    auto session =
        upvest::make_provider()->open(std::move(context), {world.transport, world.clock, world.random});
    REQUIRE(session);
    REQUIRE(tests::run_task(world.io, (*session)->read("user_account_groups", user_id)));
    for (const auto& call : world.transport.calls) {
        CHECK(call.fields.find("upvest-api-version") == "2");
        CHECK(tests::verify(call, public_key()).good);
    }
}

TEST_CASE("a session is not opened with credentials that check() refuses") {
    World world;
    auto context = World::context();
    json::set(context.credentials, "private_key_pem", "not a key");
    const auto session =
        upvest::make_provider()->open(std::move(context), {world.transport, world.clock, world.random});
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::configuration);
    CHECK(session.error().pointer == "/credentials/private_key_pem");
}

TEST_CASE("a single object is read by its id from its stream") {
    World world;
    world.answers[std::string("/account_groups/") + group_id] = [] {
        return answer(200, tests::fixture_text("account_group"));
    };
    const auto page = world.read("account_groups", group_id);
    REQUIRE(page);
    REQUIRE(page->observations.size() == 1);
    CHECK(page->observations[0].provider_id == group_id);
    CHECK(page->item_keys == std::vector<std::string>{group_id});
    CHECK(world.transport.calls.back().target == std::string("/account_groups/") + group_id);
}

TEST_CASE("a single read of what no longer exists is gone, a list of it is only not found") {
    World world;
    for (const int status : {404, 410}) {
        world.answers[std::string("/users/") + user_id] = [status] { return answer(status, ""); };
        const auto page = world.read("users", user_id);
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::gone);
    }
    world.answers["/users"] = [] { return answer(404, ""); };
    const auto list = world.fetch("users");
    REQUIRE_FALSE(list);
    CHECK(list.error().code == Errc::not_found);
}

TEST_CASE("a single read that answers another object is a contract error, not that object") {
    World world;
    world.answers["/account_groups/other"] = [] { return answer(200, tests::fixture_text("account_group")); };
    const auto page = world.read("account_groups", "other");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::contract);
}

TEST_CASE("the groups of a user come as one page of account groups") {
    World world;
    const std::string path = std::string("/users/") + user_id + "/account_groups";
    world.answers[path] = [] { return answer(200, tests::fixture_text("user_account_groups")); };
    const auto page = world.read("user_account_groups", user_id);
    REQUIRE(page);
    REQUIRE(page->observations.size() == 1);
    CHECK(page->observations[0].entity == domain::EntityRef{EntityKind::account_group, group_id});
    CHECK(world.transport.calls.back().target == path + "?sort=created_at&order=ASC&offset=0&limit=1000");
}

TEST_CASE("the groups of a user are read to the end where they fill more than one page") {
    World world;
    const std::string path = std::string("/users/") + user_id + "/account_groups";
    const auto page_of = [](std::string_view ids, int total) {
        return answer(200, R"({"meta":{"offset":0,"limit":1000,"count":2,"total_count":)" +
                               std::to_string(total) + R"(},"data":[)" + std::string(ids) + "]}");
    };
    const auto first = [&] {
        return world.transport.calls.back().target.find("offset=0&") != std::string::npos;
    };
    world.answers[path] = [&] {
        return first() ? page_of(R"({"id":"g-1"},{"id":"g-2"})", 3) : page_of(R"({"id":"g-3"})", 3);
    };
    const auto page = world.read("user_account_groups", user_id);
    REQUIRE(page);
    CHECK(page->item_keys == std::vector<std::string>{"g-1", "g-2", "g-3"});
    CHECK(page->observations.size() == 3);
    CHECK(page->total == 3);
    CHECK(world.transport.calls.back().target == path + "?sort=created_at&order=ASC&offset=2&limit=1000");

    for (const auto& [second, total] :
         {std::pair{"", 3}, {R"({"id":"g-2"})", 3}, {R"({"id":"g-3"})", 4}, {R"({"id":"g-3"})", 2}}) {
        CAPTURE(second);
        CAPTURE(total);
        world.answers[path] = [&] {
            return first() ? page_of(R"({"id":"g-1"},{"id":"g-2"})", 3) : page_of(second, total);
        };
        const auto refused = world.read("user_account_groups", user_id);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::contract);
    }
}

TEST_CASE("a list of a user's groups that never ends is given up") {
    World world;
    int asked = 0;
    world.answers[std::string("/users/") + user_id + "/account_groups"] = [&] {
        return answer(200, R"({"meta":{"total_count":1000000},"data":[{"id":"g-)" + std::to_string(++asked) +
                               R"("}]})");
    };
    const auto page = world.read("user_account_groups", user_id);
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::contract);
    CHECK(asked <= 20);
}

TEST_CASE("an answer of 200 that is no JSON is told with what was asked for, and never quoted") {
    const std::string groups = std::string("/users/") + user_id + "/account_groups";
    for (const auto& [path, asked] : {std::pair{std::string("/users"), "/users"},
                                      {std::string("/accounts/") + group_id, "/accounts/{id}"},
                                      {groups, "/users/{id}/account_groups"}}) {
        CAPTURE(path);
        World world;
        world.answers[path] = [] { return answer(200, "<html>Welcome to the hotel's network</html>"); };
        const auto page = path == "/users" ? world.fetch("users")
                          : path == groups ? world.read("user_account_groups", user_id)
                                           : world.read("accounts", group_id);
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::contract);
        CHECK(page.error().detail.starts_with("Upvest, asked for " + std::string(asked) +
                                              ": The answer is no JSON."));
        CHECK(page.error().detail.find("hotel") == std::string::npos);
    }
}

TEST_CASE("an id that would change the path is refused before anything is sent") {
    World world;
    for (const auto* id : {"", "..", "a/b", "a?b", "a b", "%41", "\xC3\xBC"}) {
        const auto page = world.read("users", id);
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::invalid_input);
    }
    CHECK(world.transport.calls.empty());
}

TEST_CASE("a stream that Upvest does not have is refused before anything is sent") {
    World world;
    CHECK(world.fetch("user_account_groups").error().code == Errc::invalid_input);
    CHECK(world.read("roles", user_id).error().code == Errc::invalid_input);
    CHECK(world.transport.calls.empty());
}

TEST_CASE("a transport's error passes through unchanged") {
    World world;
    world.answers["/users"] = [] {
        return domain::Result<domain::ports::HttpAnswer>(domain::fail(Errc::timed_out, "slow"));
    };
    const auto page = world.fetch("users");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::timed_out);
    CHECK(page.error().detail == "slow");
}
