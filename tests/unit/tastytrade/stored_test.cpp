// What is stored of an object is enough to decode it again as it was decoded in its page.
#include <doctest/doctest.h>

#include <functional>

#include "adapters/tastytrade/pages.hpp"
#include "adapters/tastytrade/provider.hpp"
#include "domain/json/parse.hpp"
#include "fakes.hpp"
#include "leaves.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;

namespace {

const std::string owner = "C0000037211";

struct Sample {
    std::string file;
    std::string stream;
    std::function<domain::Result<domain::Page>(std::string_view)> decode;
};

domain::Result<domain::Page> customer(std::string_view body) {
    return tastytrade::decode_customer(body, {.connection = "c", .profile = owner});
}

domain::Result<domain::Page> accounts(std::string_view body) {
    return tastytrade::decode_accounts(body, owner);
}

const Sample samples[] = {{"customer.json", "customer", customer},
                          {"customer_certification.json", "customer", customer},
                          {"customer_entity.json", "customer", customer},
                          {"accounts.json", "accounts", accounts},
                          {"accounts_certification.json", "accounts", accounts}};

}  // namespace

TEST_CASE("a stored object decodes as in its page, whatever is missing from it") {
    const auto provider = tributary::tastytrade::make_provider();
    for (const Sample& sample : samples) {
        CAPTURE(sample.file);
        const json::Value root = json::parse(fixture(sample.file))->root;
        const auto whole = sample.decode(fixture(sample.file));
        REQUIRE(whole.has_value());
        REQUIRE_FALSE(whole->observations.empty());
        tests::check_stored_again(*provider, sample.stream, *whole, whole->self);
        std::vector<Path> leaves;
        collect_leaves(*root.find("data"), {"data"}, leaves);
        for (const Path& leaf : leaves) {
            const auto page = sample.decode(json::write(damaged(root, leaf, Damage::remove)));
            REQUIRE(page.has_value());
            tests::check_stored_again(*provider, sample.stream, *page, page->self);
        }
    }
}

TEST_CASE("a stored object waits until the owner of the credentials is known") {
    const auto provider = tributary::tastytrade::make_provider();
    for (const std::string stream : {"customer", "accounts"}) {
        const auto page = provider->decode(stream, json::Object{{"account-number", "1"}}, {});
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == domain::Errc::conflict);
    }
}

TEST_CASE("a stored object of a stream that tastytrade does not have is refused") {
    const auto page = tributary::tastytrade::make_provider()->decode("users", json::Object{},
                                                                     {.profile = owner, .account = {}});
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == domain::Errc::invalid_input);
}
