#include "adapters/tdx/totp_ledger.hpp"

#include <doctest/doctest.h>

using namespace tributary::tdx;

TEST_CASE("a ledger gives a step once and takes none of the few before it") {
    TotpLedger ledger;
    CHECK(ledger.claim("secret", 100));
    CHECK_FALSE(ledger.claim("secret", 100));
    CHECK_FALSE(ledger.claim("secret", 96));
    CHECK(ledger.claim("another", 100));
    CHECK(ledger.claim("secret", 101));
}

TEST_CASE("a ledger does not keep a user out for a day when the clock was a day ahead") {
    TotpLedger ledger;
    REQUIRE(ledger.claim("secret", 100 + 2880));
    CHECK(ledger.claim("secret", 100));
    CHECK_FALSE(ledger.claim("secret", 100));
}
