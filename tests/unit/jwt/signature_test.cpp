// Signatures: one form, one meaning.
#include <doctest/doctest.h>
#include <openssl/bn.h>

#include <algorithm>
#include <array>

#include "adapters/crypto/evp.hpp"
#include "adapters/jwt/compact.hpp"
#include "issuing.hpp"

using namespace tributary;
using namespace tributary::jwt;

namespace {

using Number = std::unique_ptr<BIGNUM, crypto::Freed<&BN_free>>;

/// The order of P-256 (SEC 2).
constexpr auto p256_order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

Number number_of(std::string_view bytes) {
    return Number(BN_bin2bn(crypto::bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string bytes_of(const BIGNUM& number) {
    std::string bytes(32, '\0');
    BN_bn2binpad(&number, crypto::bytes_of(bytes), 32);
    return bytes;
}

Number order() {
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, p256_order);
    return Number(number);
}

/// The other half of the same signature: r, and the order less s.
std::string with_other_s(const std::string& raw) {
    const Number n = order();
    const Number s = number_of(raw.substr(32));
    BN_sub(s.get(), n.get(), s.get());
    return raw.substr(0, 32) + bytes_of(*s);
}

/// DER of a signature whose numbers fit: 0x30 len 0x02 len r 0x02 len s.
std::string as_der(const std::string& raw) {
    const auto integer = [](std::string number) {
        number.erase(0, std::min(number.find_first_not_of('\0'), number.size() - 1));
        if ((number.front() & '\x80') != 0) number.insert(0, 1, '\0');
        return std::string("\x02") + static_cast<char>(number.size()) + number;
    };
    const std::string both = integer(raw.substr(0, 32)) + integer(raw.substr(32));
    return std::string("\x30") + static_cast<char>(both.size()) + both;
}

/// S and the order of Ed25519's group: the same point for a verifier that does not look (RFC 8032, 5.1.7).
std::string with_order_added(std::string raw) {
    static constexpr std::array<unsigned char, 32> group_order{
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < group_order.size(); ++i) {
        carry += static_cast<unsigned char>(raw[32 + i]) + group_order[i];
        raw[32 + i] = static_cast<char>(carry & 0xFFU);
        carry >>= 8U;
    }
    return raw;
}

struct Message {
    std::string text;
    std::string signature;

    Message(const Issuing& issuing, const tests::JwtSigner& signer) {
        const std::string token = signer.sign(issuing.claims());
        text = token.substr(0, token.rfind('.'));
        signature = signer.signature(text);
    }

    [[nodiscard]] std::string with(const std::string& other) const {
        return text + "." + tests::base64url(other);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Issuing, "a signature on P-256 is two numbers of 32 bytes") {
    const Message good(*this, by.es256);
    const std::string r = good.signature.substr(0, 32);
    const std::string s = good.signature.substr(32);
    const std::string zero(32, '\0');
    const std::string n = bytes_of(*order());
    check_cases(*this,
                {
                    {"as signed", good.with(good.signature)},
                    {"the other s", good.with(with_other_s(good.signature))},
                    {"r and s zero", good.with(zero + zero), not_valid},
                    {"r zero", good.with(zero + s), not_valid},
                    {"s zero", good.with(r + zero), not_valid},
                    {"r and s the order", good.with(n + n), not_valid},
                    {"s the order", good.with(r + n), not_valid},
                    {"r and s one", good.with(zero.substr(1) + '\1' + zero.substr(1) + '\1'), not_valid},
                    {"s and r", good.with(s + r), not_valid},
                    {"DER", good.with(as_der(good.signature)), not_valid},
                    {"a byte less", good.with(good.signature.substr(1)), not_valid},
                    {"a byte more", good.with('\0' + good.signature), not_valid},
                    {"33 bytes each", good.with('\0' + r + '\0' + s), not_valid},
                    {"of P-521's length", good.with(std::string(68, '\0') + good.signature), not_valid},
                    {"empty", good.with(""), not_valid},
                });
}

TEST_CASE_FIXTURE(Issuing, "a signature of Ed25519 is canonical and has 64 bytes") {
    const Message good(*this, by.eddsa);
    check_cases(*this, {
                           {"as signed", good.with(good.signature)},
                           {"S beyond the order", good.with(with_order_added(good.signature)), not_valid},
                           {"a byte less", good.with(good.signature.substr(0, 63)), not_valid},
                           {"a byte more", good.with(good.signature + '\0'), not_valid},
                           {"zero", good.with(std::string(64, '\0')), not_valid},
                           {"empty", good.with(""), not_valid},
                       });
}

TEST_CASE_FIXTURE(Issuing, "a signature of RSA has the modulus' length") {
    const Message good(*this, by.rs256);
    check_cases(*this, {
                           {"as signed", good.with(good.signature)},
                           {"a byte less", good.with(good.signature.substr(0, 255)), not_valid},
                           {"a zero in front", good.with('\0' + good.signature), not_valid},
                           {"a zero behind", good.with(good.signature + '\0'), not_valid},
                           {"zero", good.with(std::string(256, '\0')), not_valid},
                           {"one", good.with(std::string(255, '\0') + '\1'), not_valid},
                           {"empty", good.with(""), not_valid},
                       });
}

TEST_CASE_FIXTURE(Issuing, "a token has at most 8 KiB") {
    const auto padded = [this](std::size_t more) {
        return by.es256.sign(claims({{"x", std::string(more, 'x')}}));
    };
    std::size_t most = 0;
    while (padded(most + 100).size() <= longest_token)
        most += 100;
    while (padded(most + 1).size() <= longest_token)
        ++most;
    CHECK(verify(padded(most)));
    const auto longer = verify(padded(most + 1));
    REQUIRE_FALSE(longer);
    CHECK(longer.error().detail.contains(malformed));
}
