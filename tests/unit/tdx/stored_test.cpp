// What is stored of an object is enough to decode it again as it was decoded in its page.
#include <doctest/doctest.h>

#include <map>

#include "adapters/tdx/provider.hpp"
#include "fixture.hpp"
#include "leaves.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using tests::Example;
using tests::examples;
using tests::fixture;
using tests::Path;
using tests::tree;

namespace {

const std::map<std::string, std::string> streams = {{"own_user", "user"},
                                                    {"client_account", "client_account"},
                                                    {"users", "users"},
                                                    {"sub_accounts", "sub_accounts"},
                                                    {"sub_account", "sub_accounts"},
                                                    {"preferences", "preferences"},
                                                    {"user_attributes", "user_attributes"}};

/// Whom the examples' decoders are told that the credentials belong to.
domain::SelfIds owner_in(const Example& example) {
    return {.profile = example.name == "preferences" ? "nobody" : tests::own_user.provider_id,
            .account = "client-account-uuid"};
}

}  // namespace

TEST_CASE("a stored object decodes as in its page, whatever is missing from it") {
    const auto provider = tdx::make_provider();
    for (const Example& example : examples) {
        CAPTURE(example.name);
        const json::Value root = tree(fixture(example.name));
        const auto whole = example.decode(fixture(example.name));
        REQUIRE(whole.has_value());
        REQUIRE_FALSE(whole->observations.empty());
        tests::check_stored_again(*provider, streams.at(example.name), *whole, owner_in(example));
        std::vector<Path> leaves;
        tests::collect(*root.find("result"), {"result"}, leaves);
        for (const Path& path : leaves) {
            json::Value without = root;
            tests::remove(without, path);
            const auto page = example.decode(json::write(without));
            REQUIRE(page.has_value());
            tests::check_stored_again(*provider, streams.at(example.name), *page, owner_in(example));
        }
    }
}

TEST_CASE("a stored attribute of the client account belongs to the account that the owner has") {
    const auto provider = tdx::make_provider();
    const domain::EntityRef account{domain::EntityKind::account, "client-account-uuid"};
    const auto page = tdx::decode_attributes(fixture("user_attributes"), 500, account);
    REQUIRE(page.has_value());
    tests::check_stored_again(*provider, "client_account_attributes", *page,
                              {.profile = "somebody", .account = account.provider_id});
}

TEST_CASE("a stored object that does not say whose it is waits until the owner is known") {
    const auto provider = tdx::make_provider();
    const json::Value nobodys = tree(R"({"id": "a", "key": "theme", "value": "dark"})");
    for (const std::string stream : {"preferences", "user_attributes", "client_account_attributes"}) {
        const auto page = provider->decode(stream, nobodys, {});
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == domain::Errc::conflict);
    }
    const auto named = provider->decode("preferences", tree(R"({"id": "p", "userId": "u"})"), {});
    REQUIRE(named.has_value());
    CHECK(named->observations.front().entity.provider_id == "u");
}

TEST_CASE("a stored object of a stream that T-DX does not have is refused") {
    const auto page = tdx::make_provider()->decode("accounts", tree("{}"), {});
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == domain::Errc::invalid_input);
}
