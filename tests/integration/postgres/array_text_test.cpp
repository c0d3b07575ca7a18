#include "adapters/postgres/array_text.hpp"

#include <doctest/doctest.h>

#include <random>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;

namespace {

using Texts = std::vector<std::optional<std::string>>;

Texts random_texts(std::mt19937& random) {
    static const std::vector<std::string> pieces = {"\"",
                                                    "\\",
                                                    "{",
                                                    "}",
                                                    ",",
                                                    "NULL",
                                                    "null",
                                                    " ",
                                                    "\n",
                                                    "\r\n",
                                                    "\t",
                                                    "'",
                                                    "a",
                                                    "\xC3\xA9",
                                                    "\xF0\x9F\x92\xB6",
                                                    "$1",
                                                    "\\x",
                                                    "\x01",
                                                    "",
                                                    "(",
                                                    ")",
                                                    "\xE2\x80\xA8",
                                                    "\\\"",
                                                    "}\","};
    Texts texts;
    for (auto count = random() % 8; count > 0; --count) {
        if (random() % 6 == 0) {
            texts.emplace_back(std::nullopt);
            continue;
        }
        std::string text;
        for (auto length = random() % 6; length > 0; --length) {
            text += pieces[random() % pieces.size()];
        }
        texts.emplace_back(std::move(text));
    }
    return texts;
}

}  // namespace

TEST_CASE("arrays of any text arrive in the database as they were sent") {
    tests::StoreFixture fixture;
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        const Texts sent = random_texts(random);
        const Texts received = tests::good(fixture.store.pool().run({}, [&sent](postgres::Transaction& tx) {
            const auto rows =
                tx.exec("SELECT t FROM unnest($1::text[]) WITH ORDINALITY AS i(t, n) ORDER BY n",
                        postgres::array_of(sent));
            return postgres::collect(rows, [](const postgres::Row& row) { return row.opt_text(0); });
        }));
        REQUIRE(received == sent);
    }
}

TEST_CASE_FIXTURE(tests::StoreFixture, "JSON texts arrive as they were, and what could not is refused") {
    const std::vector<std::string> sent{R"({"a":"\\\"{},NULL"})", "null", R"([1,"\u001f é"])"};
    const auto back = tests::good(store.pool().run({tenant}, [&](postgres::Transaction& tx) {
        const auto rows =
            tx.exec("SELECT unnest(string_to_array($1, E'\\x1f'))", postgres::json_texts_of(sent));
        return postgres::collect(rows, [](const postgres::Row& row) { return row.text(0); });
    }));
    CHECK(back == sent);
    const auto none = tests::good(store.pool().run({tenant}, [&](postgres::Transaction& tx) {
        return tx.exec("SELECT unnest(string_to_array($1, E'\\x1f'))", postgres::JsonTexts()).size();
    }));
    CHECK(none == 0);
    for (const char* text : {"", "{\"a\":\"\x1f\"}", "\"\xff\""}) {
        CAPTURE(text);
        CHECK(tests::error_of(store.pool().run({tenant}, [&](postgres::Transaction& tx) {
                  tx.exec("SELECT $1", postgres::json_texts_of(std::array{std::string(text)}));
              })) == "contract");
    }
}
