#include "adapters/crypto/ecdsa.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>

namespace tributary::crypto {

namespace {

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<&ECDSA_SIG_free>>;

std::string padded(std::string_view coordinate, std::size_t size) {
    return std::string(size - coordinate.size(), '\0') + std::string(coordinate);
}

}  // namespace

Pkey ec_public_key(std::string curve, std::size_t size, std::string_view x, std::string_view y) {
    const ErrorQueueGuard guard;
    if (x.empty() || y.empty() || x.size() > size || y.size() > size) {
        return nullptr;
    }
    std::string point = '\x04' + padded(x, size) + padded(y, size);  // SEC1, uncompressed
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    require(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1, "build a key");
    EVP_PKEY* built = nullptr;
    const bool done = EVP_PKEY_fromdata(context.get(), &built, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
    return Pkey(done ? built : nullptr);
}

std::string der_signature_of_raw(std::string_view raw) {
    const ErrorQueueGuard guard;
    const std::size_t half = raw.size() / 2;
    const EcdsaSignature signature(ECDSA_SIG_new());
    BIGNUM* r_number = BN_bin2bn(bytes_of(raw), static_cast<int>(half), nullptr);
    BIGNUM* s_number = BN_bin2bn(bytes_of(raw.substr(half)), static_cast<int>(half), nullptr);
    require(signature != nullptr && r_number != nullptr && s_number != nullptr &&
                ECDSA_SIG_set0(signature.get(), r_number, s_number) == 1,
            "read a signature");
    const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
    require(size > 0, "write a signature");
    std::string der(static_cast<std::size_t>(size), '\0');
    unsigned char* out = bytes_of(der);
    require(i2d_ECDSA_SIG(signature.get(), &out) == size, "write a signature");
    return der;
}

}  // namespace tributary::crypto
