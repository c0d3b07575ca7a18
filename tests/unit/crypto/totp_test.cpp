#include <doctest/doctest.h>

#include <utility>

#include "adapters/crypto/digest.hpp"

using tributary::crypto::totp;

namespace {

// "12345678901234567890", the key of RFC 6238, appendix B.
constexpr std::string_view rfc_secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

}  // namespace

TEST_CASE("one-time codes are the last six digits of the vectors of RFC 6238 for SHA-1") {
    const std::pair<std::uint64_t, std::string_view> rows[] = {{59, "287082"},
                                                               {1'111'111'109, "081804"},
                                                               {1'111'111'111, "050471"},
                                                               {1'234'567'890, "005924"},
                                                               {2'000'000'000, "279037"},
                                                               {20'000'000'000, "353130"}};
    for (const auto& [at, code] : rows) {
        CAPTURE(at);
        CHECK(totp(rfc_secret, at) == code);
    }
}

TEST_CASE("a one-time secret is read in groups, in lower case and with padding") {
    CHECK(totp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59) == "287082");
    CHECK(totp("GEZDGNBVGY3TQOJQGE======", 59) == totp("GEZDGNBVGY3TQOJQGE", 59));
}

TEST_CASE("a text that is no base32 gives no one-time code") {
    for (const std::string_view bad :
         {"", "   ", "====", "A", "ABC", "GEZDGNBVGY3TQOJ1", "GEZD=GNB", "GEZD-GNB"}) {
        CAPTURE(bad);
        CHECK_FALSE(totp(bad, 59));
    }
}
