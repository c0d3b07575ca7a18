#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "adapters/crypto/pkey.hpp"
#include "adapters/crypto/signing_key.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::size_t max_pem_size = std::size_t{64} * 1024;
constexpr std::size_t p521_coordinate_size = 66;

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<&ECDSA_SIG_free>>;

/// SubjectPublicKeyInfo is never sealed; nothing may prompt on the terminal.
int refuse_passphrase(char*, int, int, void*) {
    return -1;
}

std::string padded(std::string_view coordinate) {
    return std::string(p521_coordinate_size - coordinate.size(), '\0') + std::string(coordinate);
}

}  // namespace

struct VerifyingKey::Impl {
    Pkey key;
    KeyAlgorithm algorithm;
};

VerifyingKey::VerifyingKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

VerifyingKey::VerifyingKey(VerifyingKey&&) noexcept = default;
VerifyingKey& VerifyingKey::operator=(VerifyingKey&&) noexcept = default;
VerifyingKey::~VerifyingKey() = default;

std::optional<std::string> p521_signature_of_raw(std::string_view raw) {
    const ErrorQueueGuard guard;
    if (raw.size() != 2 * p521_coordinate_size) {
        return std::nullopt;
    }
    const std::string_view s = raw.substr(p521_coordinate_size);
    const EcdsaSignature signature(ECDSA_SIG_new());
    BIGNUM* r_number = BN_bin2bn(bytes_of(raw), static_cast<int>(p521_coordinate_size), nullptr);
    BIGNUM* s_number = BN_bin2bn(bytes_of(s), static_cast<int>(s.size()), nullptr);
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

domain::Result<VerifyingKey> VerifyingKey::from_pem(std::string_view pem) {
    const ErrorQueueGuard guard;
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size() > max_pem_size ? 0 : pem.size())));
    require(bio != nullptr, "read a key");
    Pkey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, &refuse_passphrase, nullptr));
    if (key == nullptr) {
        return fail(Errc::invalid_input,
                    "There is no public key in the text; give a PEM block of SubjectPublicKeyInfo");
    }
    const auto algorithm = algorithm_of(*key);
    if (!algorithm) {
        return fail(Errc::invalid_input, std::string("The public key ") + std::string(wrong_algorithm));
    }
    return VerifyingKey(std::make_unique<Impl>(std::move(key), *algorithm));
}

domain::Result<VerifyingKey> VerifyingKey::from_p521_point(std::string_view x, std::string_view y) {
    const ErrorQueueGuard guard;
    const auto refused = [] {
        return fail(Errc::invalid_input, "The coordinates are no point of the curve P-521");
    };
    if (x.empty() || y.empty() || x.size() > p521_coordinate_size || y.size() > p521_coordinate_size) {
        return refused();
    }
    std::string point = '\x04' + padded(x) + padded(y);  // SEC1, uncompressed
    std::string group = "secp521r1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    require(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1, "build a key");
    EVP_PKEY* built = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &built, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        return refused();
    }
    return VerifyingKey(std::make_unique<Impl>(Pkey(built), KeyAlgorithm::ecdsa_p521_sha512));
}

KeyAlgorithm VerifyingKey::algorithm() const {
    return impl_->algorithm;
}

bool VerifyingKey::verify(std::string_view message, std::string_view signature) const {
    const ErrorQueueGuard guard;
    const DigestContext context(EVP_MD_CTX_new());
    require(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest_of(impl_->algorithm),
                                                       nullptr, impl_->key.get()) == 1,
            "start a verification");
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

}  // namespace tributary::crypto
