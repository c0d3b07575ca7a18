#include "adapters/tastytrade/session.hpp"

#include <doctest/doctest.h>

#include "fakes.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;
using domain::Errc;

namespace {

std::vector<std::string> targets(const World& world) {
    std::vector<std::string> asked;
    asked.reserve(world.transport.calls.size());
    for (const ports::HttpCall& call : world.transport.calls) {
        asked.push_back(call.target);
    }
    return asked;
}

const std::string account_target = "GET /customers/me/accounts/5WT00001";
constexpr const char* unknown = R"({"error":{"code":"record_not_found","message":"m"}})";

}  // namespace

TEST_CASE("a connection has the customer, then its accounts") {
    const World world;
    const auto streams = world.session->streams();
    REQUIRE(streams.size() == 2);
    CHECK(streams[0].name == "customer");
    CHECK(streams[0].kind == domain::EntityKind::profile);
    CHECK(streams[0].paging == ports::Paging::single);
    CHECK_FALSE(streams[0].has_single_read);
    CHECK(streams[1].name == "accounts");
    CHECK(streams[1].kind == domain::EntityKind::account);
    CHECK(streams[1].paging == ports::Paging::single);
    CHECK(streams[1].has_single_read);
}

TEST_CASE("both streams are read with one token and say the same of their owner") {
    World world;
    const auto customer = world.fetch("customer");
    const auto accounts = world.fetch("accounts");
    REQUIRE(customer);
    REQUIRE(accounts);
    CHECK(customer->self.profile == "C0000037211");
    CHECK(accounts->self.profile == "C0000037211");
    CHECK(accounts->observations.at(0).access.at(0).profile == "C0000037211");
    CHECK(targets(world) ==
          std::vector<std::string>{"/oauth/token", "/customers/me", "/customers/me/accounts"});
}

TEST_CASE("the account list asked for first learns whose accounts they are") {
    World world;
    const auto accounts = world.fetch("accounts");
    REQUIRE(accounts);
    CHECK(accounts->self.profile == "C0000037211");
    CHECK(accounts->observations.at(1).access.at(0).profile == "C0000037211");
    CHECK(targets(world) ==
          std::vector<std::string>{"/oauth/token", "/customers/me", "/customers/me/accounts"});
}

TEST_CASE("an id assigned before is neither asked for nor replaced") {
    World world({.profile = "kept", .account = {}});
    const auto accounts = world.fetch("accounts");
    REQUIRE(accounts);
    CHECK(accounts->observations.at(0).access.at(0).profile == "kept");
    CHECK(world.transport.count("/customers/me") == 0);
    const auto customer = world.fetch("customer");
    REQUIRE(customer);
    CHECK(customer->self.profile == "kept");
    CHECK(customer->observations.at(0).provider_id == "kept");
}

TEST_CASE("the id of the first answer sticks for the session") {
    World world;
    world.transport.script("GET /customers/me", {json_answer(200, fixture("customer_certification.json")),
                                                 json_answer(200, fixture("customer.json"))});
    CHECK(world.fetch("customer")->self.profile == to_text(world.connection));
    CHECK(world.fetch("customer")->self.profile == to_text(world.connection));
}

TEST_CASE("accounts are not guessed at when their customer cannot be learned") {
    World world;
    world.transport.script("GET /customers/me", {json_answer(403, R"({"error":{"code":"not_permitted"}})")});
    const auto accounts = world.fetch("accounts");
    REQUIRE_FALSE(accounts);
    CHECK(accounts.error().code == Errc::permission_denied);
    CHECK(world.transport.count("/customers/me/accounts") == 0);
}

TEST_CASE("a certification session reads the shorter answers whole") {
    World world;
    world.transport.script("GET /customers/me", {json_answer(200, fixture("customer_certification.json"))});
    world.transport.script("GET /customers/me/accounts",
                           {json_answer(200, fixture("accounts_certification.json"))});
    const auto accounts = world.fetch("accounts");
    REQUIRE(accounts);
    CHECK(accounts->observations.at(0).provider_id == "5WX01234");
    CHECK(accounts->observations.at(0).access.at(0).profile == to_text(world.connection));
    CHECK(accounts->drift.empty());
}

TEST_CASE("one account is read by its number") {
    World world({.profile = "C1", .account = {}});
    const auto page = world.read("5WT00001");
    REQUIRE(page);
    REQUIRE(page->observations.size() == 1);
    CHECK(page->observations[0].provider_id == "5WT00001");
    CHECK(page->observations[0].access.at(0).profile == "C1");
    CHECK(page->self.profile == "C1");
}

TEST_CASE("an account number reaches the path only encoded") {
    World world({.profile = "C1", .account = {}});
    CHECK_FALSE(world.read("../me?x"));
    CHECK(world.transport.calls.back().target == "/customers/me/accounts/..%2Fme%3Fx");
}

TEST_CASE("an account that tastytrade does not know is gone") {
    for (const int status : {404, 410}) {
        World world({.profile = "C1", .account = {}});
        world.transport.script(account_target, {json_answer(status, unknown)});
        const auto page = world.read("5WT00001");
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::gone);
        CHECK(page.error().detail.find("5WT") == std::string::npos);
    }
}

TEST_CASE("what is no word of tastytrade's on an account never makes it gone") {
    const std::pair<FakeTransport::Outcome, Errc> table[] = {
        {html_answer(404), Errc::contract},
        {json_answer(404, ""), Errc::contract},
        {json_answer(403, R"({"error":{"code":"not_permitted"}})"), Errc::permission_denied},
        {json_answer(500, unknown), Errc::unavailable},
        {domain::fail(Errc::unavailable, "lost"), Errc::unavailable}};
    for (const auto& [answer, code] : table) {
        World world({.profile = "C1", .account = {}});
        world.transport.script(account_target, {answer});
        const auto page = world.read("5WT00001");
        REQUIRE_FALSE(page);
        CHECK(page.error().code == code);
    }
}

TEST_CASE("an account that may not be read is gone only where the list is given and no longer has it") {
    const auto denied = json_answer(403, R"({"error":{"code":"not_permitted"}})");
    const auto without = json_answer(200, R"({"data":{"items":[{"account":{"account-number":"other"}}]}})");
    const auto unsure = json_answer(200, R"({"data":{"items":[{"account":{"nickname":"5WT00001"}}]}})");
    const std::pair<FakeTransport::Outcome, Errc> table[] = {
        {without, Errc::gone},
        {unsure, Errc::permission_denied},
        {json_answer(200, fixture("accounts.json")), Errc::permission_denied},
        {denied, Errc::permission_denied},
        {html_answer(502), Errc::permission_denied}};
    for (const auto& [list, code] : table) {
        World world({.profile = "C1", .account = {}});
        world.transport.script(account_target, {denied});
        world.transport.script("GET /customers/me/accounts", {list});
        const auto page = world.read("5WT00001");
        REQUIRE_FALSE(page);
        CHECK(page.error().code == code);
    }
}

TEST_CASE("a list that is not found is not a removed account") {
    World world({.profile = "C1", .account = {}});
    world.transport.script("GET /customers/me/accounts", {json_answer(404, unknown)});
    CHECK(world.fetch("accounts").error().code == Errc::not_found);
}

TEST_CASE("a refusal of a read is told by its status") {
    const std::pair<int, Errc> table[] = {{302, Errc::contract},      {403, Errc::permission_denied},
                                          {406, Errc::configuration}, {429, Errc::throttled},
                                          {500, Errc::unavailable},   {502, Errc::unavailable},
                                          {503, Errc::unavailable},   {204, Errc::contract}};
    for (const auto& [status, code] : table) {
        World world({.profile = "C1", .account = {}});
        world.transport.script("GET /customers/me/accounts",
                               {json_answer(status, R"({"error":{"code":406}})")});
        const auto page = world.fetch("accounts");
        REQUIRE_FALSE(page);
        CHECK_MESSAGE(page.error().code == code, status);
        CHECK(page.error().detail.find("the account list") != std::string::npos);
    }
}

TEST_CASE("streams and reads that do not exist are invalid input and cost no request") {
    World world;
    CHECK(world.fetch("positions").error().code == Errc::invalid_input);
    CHECK(tests::run_task(world.session->read("customer", "C1")).error().code == Errc::invalid_input);
    CHECK(tests::run_task(world.session->read("accounts", "")).error().code == Errc::invalid_input);
    CHECK(world.transport.calls.empty());
}
