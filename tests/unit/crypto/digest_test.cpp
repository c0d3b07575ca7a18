#include "adapters/crypto/digest.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tributary::crypto;

namespace {

std::string text(const Sha256& digest) {
    return {digest.begin(), digest.end()};
}

}  // namespace

TEST_CASE("digests of the bodies Upvest documents come out as documented") {
    CHECK(base64(sha512(R"({"hello": "world"})")) ==
          "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==");
    CHECK(base64(text(sha256(R"({"hello": "world"})"))) == "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=");
    CHECK(base64(sha512(R"({"key": "value"})")) ==
          "Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==");
    CHECK(base64(text(sha256(R"({"key": "value"})"))) == "lyTB4g5uPk1/V+0l+dTvsAblCFkNUoyQ2ll/andcE+U=");
}

TEST_CASE("the digest of no bytes is the well-known one") {
    CHECK(hex(text(sha256(""))) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("hmac over a base64 digest with a hex key gives the signatures of T-DX requests") {
    const auto secret = hex_decode("0c3c11e3e74de307866a2d67a9c71f97");
    REQUIRE(secret);
    const std::string head =
        "TDXV1 fcebf5ef5-69d3-4a37-b1d3-69fd462cf54c f93c979d-b00d-43a9-9b9c-fd4cd9547fa6 1567755304968 GET "
        "api.t-dx.com ";

    struct Row {
        std::string_view rest, hash, signature;
    };

    for (const auto& row :
         {Row{"/api/rest/v1/users/me",
              "woWQqaunrumhgoj69EbqP7qKkXXlxCqeJAQgXOwXVfs=", "3QKKb5fFH65mkyn8UotuYVFLfgP5ZjqKp6TpgRVje6o="},
          Row{"/api/rest/v1/sub-accounts/mine limit=100", "/smnRcTLwQIA0l0XwtBO5P4zK0gBM2d2YtV/4pmAlXo=",
              "eHuNoG63XskeqvIp6gf06DELObkkecaN9eKudI7lP4Y="}}) {
        const std::string hash = base64(text(sha256(head + std::string(row.rest))));
        CHECK(hash == row.hash);
        CHECK(base64(hmac_sha256(*secret, hash)) == row.signature);
    }
}

TEST_CASE("hmac takes an empty key and an empty message") {
    CHECK(hex(hmac_sha256("", "")) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("base64 round-trips every length and refuses every other spelling of the same bytes") {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}};
    for (const auto& [bytes, encoded] : rows) {
        CHECK(base64(bytes) == encoded);
        CHECK(base64_decode(encoded) == bytes);
    }
    CHECK(base64_decode("/+8=") == "\xFF\xEF");
    for (const std::string_view bad : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v",
                                       "Zm9v====", "====", "=", "Z===", "Zg==Zg==", "-_8=", "Zm 9v"}) {
        CAPTURE(bad);
        CHECK_FALSE(base64_decode(bad));
    }
}

TEST_CASE("hex reads either case and refuses odd or foreign digits") {
    CHECK(hex(std::string_view("\x00\xAf", 2)) == "00af");
    CHECK(hex_decode("00aF") == std::string("\x00\xAf", 2));
    for (const std::string_view bad : {"0", "0g", "0x", " 0", "+1"}) {
        CAPTURE(bad);
        CHECK_FALSE(hex_decode(bad));
    }
}
