// What is stored of an object is enough to decode it again as it was decoded in its page.
#include <doctest/doctest.h>

#include <optional>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/provider.hpp"
#include "tests/support/stored_again.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;

namespace {

struct Sample {
    std::string file;
    std::string stream;
    domain::EntityKind kind;
};

const Sample samples[] = {{"users", "users", domain::EntityKind::profile},
                          {"account_groups", "account_groups", domain::EntityKind::account_group},
                          {"account_group_variants", "account_groups", domain::EntityKind::account_group},
                          {"user_account_groups", "account_groups", domain::EntityKind::account_group},
                          {"accounts", "accounts", domain::EntityKind::account}};

/// The page with the n-th member of every item missing; nothing where no item has so many.
std::optional<json::Value> without_member(json::Value page, std::size_t n) {
    bool removed = false;
    json::Array items = *page.find("data")->if_array();
    for (json::Value& item : items) {
        json::Object& object = *item.if_object();
        if (n < object.size()) {
            object.erase(object.begin() + static_cast<std::ptrdiff_t>(n));
            removed = true;
        }
    }
    json::set(*page.if_object(), "data", std::move(items));
    return removed ? std::optional(std::move(page)) : std::nullopt;
}

}  // namespace

TEST_CASE("a stored object decodes as in its page, whatever is missing from it") {
    const auto provider = upvest::make_provider();
    for (const Sample& sample : samples) {
        CAPTURE(sample.file);
        const auto whole = upvest::decode_list(sample.kind, tests::fixture_text(sample.file));
        REQUIRE(whole.has_value());
        REQUIRE_FALSE(whole->observations.empty());
        tests::check_stored_again(*provider, sample.stream, *whole, {});
        std::size_t member = 0;
        while (const auto damaged = without_member(tests::fixture(sample.file), member)) {
            const auto page = upvest::decode_list(sample.kind, json::write(*damaged));
            REQUIRE(page.has_value());
            tests::check_stored_again(*provider, sample.stream, *page, {});
            ++member;
        }
        CHECK(member > 5);
    }
}

TEST_CASE("a stored object of a stream that Upvest does not have is refused") {
    const auto page = upvest::make_provider()->decode("user_account_groups", json::Object{}, {});
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == domain::Errc::invalid_input);
}
