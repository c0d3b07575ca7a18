// Signatures that others published: RFC 7515, appendix A, and RFC 8037, appendix A.
#include "adapters/crypto/token_key.hpp"

#include <doctest/doctest.h>

#include "adapters/crypto/digest.hpp"

using namespace tributary::crypto;

namespace {

constexpr auto claims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

std::string bytes(std::string_view text) {
    const auto decoded = base64url_decode(text);
    REQUIRE(decoded);
    return *decoded;
}

/// The signature is good for the message, and for no other.
void check(const tributary::domain::Result<TokenKey>& key, TokenAlgorithm algorithm,
           const std::string& message, std::string_view signature) {
    REQUIRE(key);
    CHECK(key->algorithm() == algorithm);
    CHECK(key->verify(message, bytes(signature)));
    CHECK_FALSE(key->verify(message + "x", bytes(signature)));
    CHECK_FALSE(key->verify(message, ""));
}

}  // namespace

TEST_CASE("token key verifies the published signature on P-256") {
    check(TokenKey::from_p256_point(bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                    bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")),
          TokenAlgorithm::es256, std::string("eyJhbGciOiJFUzI1NiJ9.") + claims,
          "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
}

TEST_CASE("token key verifies the published signature of RSA") {
    check(
        TokenKey::from_rsa_numbers(
            bytes(
                "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
                "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re"
                "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
                "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
            bytes("AQAB")),
        TokenAlgorithm::rs256, std::string("eyJhbGciOiJSUzI1NiJ9.") + claims,
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
        "O8W2Fp5jujGbds9uJdb"
        "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
        "eSN9383"
        "LcOLn6_dO--xi12jzDwusC-"
        "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
        "wlVmtVrBp0igcN_IoypGlUPQGe77Rw");
}

TEST_CASE("token key verifies the published signature of Ed25519") {
    check(TokenKey::from_ed25519_point(bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")),
          TokenAlgorithm::eddsa, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
          "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}
