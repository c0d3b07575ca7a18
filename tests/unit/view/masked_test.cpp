#include "services/view/masked.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "domain/document.hpp"
#include "filled_documents.hpp"

using namespace tributary;
using domain::EntityKind;
using view::masked;

namespace {

constexpr std::uint32_t people = 50;

const domain::DocumentStamp stamp{.version = 7,
                                  .created_at = domain::parse_timestamp("2026-01-01T00:00:00Z").value(),
                                  .changed_at = domain::parse_timestamp("2026-02-01T00:00:00Z").value()};

/// The masked text of this content, without the stamp.
std::string content(EntityKind kind, std::string_view text) {
    std::string seen = domain::content_of(masked(kind, domain::stamped(text, stamp)));
    const std::string flag = "\"masked\":true}";
    REQUIRE(seen.ends_with(flag));
    seen.resize(seen.size() - flag.size());
    if (seen.ends_with(',')) seen.pop_back();
    return seen + "}";
}

}  // namespace

TEST_CASE("two people whose personal data differ in all respects look the same, but for what may be seen") {
    const tests::FilledDocuments first = tests::filled_documents(0);
    for (std::uint32_t seed = 1; seed <= people; ++seed) {
        const tests::FilledDocuments other = tests::filled_documents(seed);
        for (const auto& [kind, text] : other.texts) {
            CHECK(text != first.texts.at(kind));
            CHECK(masked(kind, text) == masked(kind, first.texts.at(kind)));
        }
    }
}

TEST_CASE("no personal text is left in a masked document") {
    std::size_t looked_for = 0;
    for (std::uint32_t seed = 0; seed < people; ++seed) {
        const tests::FilledDocuments documents = tests::filled_documents(seed);
        for (const auto& [kind, text] : documents.texts) {
            const std::string seen = masked(kind, text);
            for (const std::string& personal : documents.personal) {
                const bool is_seen = seen.contains(personal.substr(0, personal.size() - 4));
                CHECK_FALSE(is_seen);
                ++looked_for;
            }
        }
    }
    CHECK(looked_for > 25'000);
}

TEST_CASE("masking a masked document changes nothing") {
    for (const auto& [kind, text] : tests::filled_documents(1).texts) {
        const std::string seen = masked(kind, text);
        CHECK(masked(kind, seen) == seen);
    }
}

TEST_CASE(
    "a masked account keeps what it is and who may use it, and says before its stamp that it is masked") {
    const std::string text = domain::stamped(
        R"({"id":"a","provider":"tastytrade","environment":"production","provider_id":"5WT00002",)"
        R"("number":"5WT00002","name":"Holiday fund","type":"individual","provider_type":"Individual",)"
        R"("status":"active","opened_at":"2020-01-01T00:00:00Z","access":[{"customer_id":"c","profile_id":"p",)"
        R"("level":"owner","permissions":{"can_trade":true,"note":"of Ada"}}],"details":{"external_id":"x"}})",
        stamp);
    CHECK(
        masked(EntityKind::account, text) ==
        R"({"id":"a","provider":"tastytrade","environment":"production","provider_id":"***0002",)"
        R"("number":"***0002","name":"***","type":"individual","provider_type":"Individual",)"
        R"("status":"active","opened_at":"2020-01-01T00:00:00Z","access":[{"customer_id":"c","profile_id":"p",)"
        R"("level":"owner","permissions":{"can_trade":true}}],"masked":true,"version":7,)"
        R"("created_at":"2026-01-01T00:00:00Z","changed_at":"2026-02-01T00:00:00Z"})");
}

TEST_CASE("a masked customer keeps its country, its profiles' status and its access") {
    CHECK(content(
              EntityKind::customer,
              R"({"id":"c","kind":"person","first_name":"Ada","birth_date":"1990-01-01",)"
              R"("addresses":[{"kind":"residential","street":["1 High St"],"city":"Bonn","country":"DE"},)"
              R"({"kind":"mailing","country":"1 High St, Bonn"}],"tax":{"number":"12345678901"},)"
              R"("profiles":[{"id":"p","provider_id":"C2913431940","connection_ids":["x"],"status":"active",)"
              R"("details":{"username":"ada"}}],"access":[]})") ==
          R"({"id":"c","kind":"person","first_name":"***","birth_date":"***",)"
          R"("addresses":[{"kind":"residential","city":"***","country":"DE"},)"
          R"({"kind":"mailing","country":"***"}],)"
          R"("profiles":[{"id":"p","provider_id":"***","connection_ids":["x"],"status":"active"}],)"
          R"("access":[]})");
}

TEST_CASE("of a number only the last four are shown, and none of a short one") {
    const auto number = [](const std::string& text) {
        return content(EntityKind::account_group, R"({"securities_account_number":")" + text + R"("})");
    };
    const auto shows = [](const std::string& text) {
        return R"({"securities_account_number":")" + text + R"("})";
    };
    CHECK(number("123456789012") == shows("***9012"));
    CHECK(number("12345678") == shows("***5678"));
    CHECK(number("1234567") == shows("***"));
    CHECK(number("1") == shows("***"));
    CHECK(number("") == shows("***"));
    CHECK(number("Grüße 1234") == shows("***"));
    CHECK(number("***5678") == shows("***5678"));
}

TEST_CASE("a provider's id is shown where it is a UUID; else an account's is a number, a person's a login") {
    const auto account = [](const std::string& id) {
        return content(EntityKind::sub_account, R"({"provider_id":")" + id + R"("})");
    };
    const auto person = [](const std::string& id) {
        return content(EntityKind::customer, R"({"profiles":[{"provider_id":")" + id + R"("}]})");
    };
    const std::string uuid = R"({"provider_id":"b34ff27e-50ba-4866-9894-1e96bb002ed5"})";
    CHECK(account("b34ff27e-50ba-4866-9894-1e96bb002ed5") == uuid);
    CHECK(account("5WT00002") == R"({"provider_id":"***0002"})");
    CHECK(person("b34ff27e-50ba-4866-9894-1e96bb002ed5") == R"({"profiles":[)" + uuid + "]}");
    CHECK(person("ada.smith1990") == R"({"profiles":[{"provider_id":"***"}]})");
}

TEST_CASE("a member that nobody decided about is left out, wherever it stands") {
    CHECK(content(EntityKind::customer,
                  R"({"id":"c","nickname":"Ada","addresses":[{"country":"DE","care_of":"Ada"}],)"
                  R"("profiles":[{"id":"p","login":"ada"}],"access":[{"id":"a","granted_by":"Ada"}],)"
                  R"("freshness":{"of":"Ada"},"masked":false})") ==
          R"({"id":"c","addresses":[{"country":"DE"}],"profiles":[{"id":"p"}],"access":[{"id":"a"}]})");
    CHECK(content(EntityKind::profile, R"({"id":"p","first_name":"Ada"})") == "{}");
}

TEST_CASE("a value of another shape than expected is left out") {
    CHECK(content(EntityKind::customer,
                  R"({"id":["Ada"],"kind":{"of":"Ada"},"first_name":7,"email":null,"phone":["7"],)"
                  R"("birth_date":{"day":1},"addresses":"Bonn","profiles":[null,"Ada",7,["Ada"]],)"
                  R"("access":[{"permissions":["Ada"]},{"permissions":{"a":1,"b":false}}]})") ==
          R"({"profiles":[],"access":[{},{"permissions":{"b":false}}]})");
    CHECK(content(EntityKind::sub_account, R"({"pairs":["BTC-EUR",7,["Ada"]]})") ==
          R"({"pairs":["BTC-EUR"]})");
}

TEST_CASE("numbers that are shown keep their own text") {
    CHECK(content(EntityKind::account, R"({"opened_at":12345678901234567890.10})") ==
          R"({"opened_at":12345678901234567890.10})");
}

TEST_CASE("a document is masked however deep a provider nested what it holds") {
    std::string deep = "1";
    for (int level = 0; level < 40; ++level) {
        deep = "[" + deep + "]";
    }
    CHECK(content(EntityKind::account, R"({"id":"a","details":{"external_accounts":)" + deep + "}}") ==
          R"({"id":"a"})");
}

TEST_CASE("what is no document is not shown at all") {
    CHECK_THROWS_AS((void)masked(EntityKind::customer, "no JSON"), std::logic_error);
    CHECK_THROWS_AS((void)masked(EntityKind::customer, R"(["Ada"])"), std::logic_error);
}
