#include "adapters/crypto/signing_key.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

#include "adapters/crypto/pkey.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::size_t max_pem_size = std::size_t{64} * 1024;

struct Passphrase {
    std::string_view text;
    bool asked = false;
};

/// Never OpenSSL's default, which prompts on the terminal and would hang the service.
int give_passphrase(char* out, int capacity, int /*for_writing*/, void* context) {
    auto& passphrase = *static_cast<Passphrase*>(context);
    passphrase.asked = true;
    if (passphrase.text.empty() || passphrase.text.size() > static_cast<std::size_t>(capacity)) {
        return -1;
    }
    std::memcpy(out, passphrase.text.data(), passphrase.text.size());
    return static_cast<int>(passphrase.text.size());
}

}  // namespace

struct SigningKey::Impl {
    Pkey key;
    KeyAlgorithm algorithm;
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

domain::Result<SigningKey> SigningKey::from_pem(std::string_view pem, std::string_view passphrase) {
    const ErrorQueueGuard guard;
    if (pem.size() > max_pem_size) {
        return fail(Errc::invalid_input, "The private key is longer than 64 KiB; give one PEM block");
    }
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    require(bio != nullptr, "read a key");
    Passphrase given{passphrase};
    Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_passphrase, &given));
    if (key == nullptr && given.asked) {
        return fail(Errc::invalid_input,
                    passphrase.empty() ? "The private key is sealed; give its passphrase"
                                       : "The passphrase does not open the private key; give the right one");
    }
    if (key == nullptr) {
        return fail(Errc::invalid_input,
                    "There is no private key in the text; give a PEM block of PKCS#8 or SEC1");
    }
    const auto algorithm = algorithm_of(*key);
    if (!algorithm) {
        return fail(Errc::invalid_input, std::string("The private key ") + std::string(wrong_algorithm));
    }
    return SigningKey(std::make_unique<Impl>(std::move(key), *algorithm));
}

KeyAlgorithm SigningKey::algorithm() const {
    return impl_->algorithm;
}

std::string SigningKey::sign(std::string_view message) const {
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t length = 0;
    require(context != nullptr &&
                EVP_DigestSignInit(context.get(), nullptr, digest_of(impl_->algorithm), nullptr,
                                   impl_->key.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &length, bytes_of(message), message.size()) == 1,
            "start a signature");
    std::string signature(length, '\0');
    require(
        EVP_DigestSign(context.get(), bytes_of(signature), &length, bytes_of(message), message.size()) == 1,
        "sign");
    signature.resize(length);
    return signature;
}

std::string SigningKey::public_pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr && PEM_write_bio_PUBKEY(bio.get(), impl_->key.get()) == 1, "write a public key");
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace tributary::crypto
