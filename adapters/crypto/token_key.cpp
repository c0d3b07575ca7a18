#include "adapters/crypto/token_key.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "adapters/crypto/ecdsa.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::size_t p256_size = 32;
constexpr std::size_t ed25519_point_size = 32;
constexpr std::size_t ed25519_signature_size = 64;
constexpr int least_rsa_bits = 2'048;
/// Verifying grows with the square of it.
constexpr int most_rsa_bits = 8'192;
constexpr std::size_t most_exponent_bytes = 8;
constexpr BN_ULONG least_exponent = 65'537;

using Number = std::unique_ptr<BIGNUM, Freed<&BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<&OSSL_PARAM_free>>;

Number number_of(std::string_view bytes) {
    Number number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
    require(number != nullptr, "read a number");
    return number;
}

bool is_good_modulus(const BIGNUM& modulus) {
    const int bits = BN_num_bits(&modulus);
    return bits >= least_rsa_bits && bits <= most_rsa_bits && BN_is_odd(&modulus) == 1;
}

bool is_good_exponent(const BIGNUM& exponent) {
    return BN_is_odd(&exponent) == 1 &&
           (BN_num_bits(&exponent) > 17 || BN_get_word(&exponent) >= least_exponent);
}

Pkey rsa_public_key(const BIGNUM& modulus, const BIGNUM& exponent) {
    const Builder builder(OSSL_PARAM_BLD_new());
    require(builder != nullptr &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, &exponent) == 1,
            "build a key");
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    require(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1,
            "build a key");
    EVP_PKEY* built = nullptr;
    const bool done = EVP_PKEY_fromdata(context.get(), &built, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    return Pkey(done ? built : nullptr);
}

bool is_zero(std::string_view number) {
    return std::ranges::all_of(number, [](char c) { return c == '\0'; });
}

}  // namespace

struct TokenKey::Impl {
    Pkey key;
    TokenAlgorithm algorithm;
};

TokenKey::TokenKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

TokenKey::TokenKey(TokenKey&&) noexcept = default;
TokenKey& TokenKey::operator=(TokenKey&&) noexcept = default;
TokenKey::~TokenKey() = default;

domain::Result<TokenKey> TokenKey::from_p256_point(std::string_view x, std::string_view y) {
    const bool sized = x.size() == p256_size && y.size() == p256_size;
    Pkey key = sized ? ec_public_key("P-256", p256_size, x, y) : nullptr;
    if (key == nullptr) {
        return fail(Errc::invalid_input, "The coordinates are no point of the curve P-256");
    }
    return TokenKey(std::make_unique<Impl>(std::move(key), TokenAlgorithm::es256));
}

domain::Result<TokenKey> TokenKey::from_rsa_numbers(std::string_view modulus, std::string_view exponent) {
    const ErrorQueueGuard guard;
    if (modulus.size() > most_rsa_bits / 8 + 1 || exponent.size() > most_exponent_bytes) {
        return fail(Errc::invalid_input, "The RSA key is too large");
    }
    const Number n = number_of(modulus);
    const Number e = number_of(exponent);
    if (!is_good_modulus(*n) || !is_good_exponent(*e)) {
        return fail(Errc::invalid_input, "The RSA key is too weak");
    }
    Pkey key = rsa_public_key(*n, *e);
    if (key == nullptr) {
        return fail(Errc::invalid_input, "The numbers are no RSA key");
    }
    return TokenKey(std::make_unique<Impl>(std::move(key), TokenAlgorithm::rs256));
}

domain::Result<TokenKey> TokenKey::from_ed25519_point(std::string_view point) {
    const ErrorQueueGuard guard;
    Pkey key;
    if (point.size() == ed25519_point_size) {
        key.reset(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(point), point.size()));
    }
    if (key == nullptr) {
        return fail(Errc::invalid_input, "The bytes are no point of Ed25519");
    }
    return TokenKey(std::make_unique<Impl>(std::move(key), TokenAlgorithm::eddsa));
}

TokenAlgorithm TokenKey::algorithm() const {
    return impl_->algorithm;
}

bool TokenKey::verify(std::string_view message, std::string_view signature) const {
    const ErrorQueueGuard guard;
    std::string der;
    if (impl_->algorithm == TokenAlgorithm::es256) {
        const std::string_view r = signature.substr(0, p256_size);
        const std::string_view s = signature.substr(r.size());
        if (signature.size() != 2 * p256_size || is_zero(r) || is_zero(s)) {
            return false;
        }
        der = der_signature_of_raw(signature);
        signature = der;
    } else if (impl_->algorithm == TokenAlgorithm::eddsa && signature.size() != ed25519_signature_size) {
        return false;
    }
    // Ed25519 signs the message itself.
    const EVP_MD* digest = impl_->algorithm == TokenAlgorithm::eddsa ? nullptr : EVP_sha256();
    const DigestContext context(EVP_MD_CTX_new());
    require(context != nullptr &&
                EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, impl_->key.get()) == 1,
            "start a verification");
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

}  // namespace tributary::crypto
