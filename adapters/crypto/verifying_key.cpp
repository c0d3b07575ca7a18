#include <openssl/pem.h>

#include "adapters/crypto/ecdsa.hpp"
#include "adapters/crypto/pkey.hpp"
#include "adapters/crypto/signing_key.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::size_t max_pem_size = std::size_t{64} * 1024;
constexpr std::size_t p521_coordinate_size = 66;

/// SubjectPublicKeyInfo is never sealed; nothing may prompt on the terminal.
int refuse_passphrase(char*, int, int, void*) {
    return -1;
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
    if (raw.size() != 2 * p521_coordinate_size) {
        return std::nullopt;
    }
    return der_signature_of_raw(raw);
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
    Pkey key = ec_public_key("secp521r1", p521_coordinate_size, x, y);
    if (key == nullptr) {
        return fail(Errc::invalid_input, "The coordinates are no point of the curve P-521");
    }
    return VerifyingKey(std::make_unique<Impl>(std::move(key), KeyAlgorithm::ecdsa_p521_sha512));
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
