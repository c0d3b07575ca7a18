#include "adapters/crypto/sealer.hpp"

#include <fmt/format.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

using domain::Errc;
using domain::fail;

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::string_view prefix = "t1:";

/// What the tag vouches for besides the ciphertext: the format, the key and the place the text belongs to.
std::string associated_data(std::string_view key_id, std::string_view context) {
    return fmt::format("{}{}:{}", prefix, key_id, context);
}

void authenticate(EVP_CIPHER_CTX* cipher, std::string_view data) {
    int length = 0;
    require(EVP_CipherUpdate(cipher, nullptr, &length, bytes_of(data), static_cast<int>(data.size())) == 1,
            "authenticate a context");
}

CipherContext begin(const SecretKey& key, std::string_view nonce, bool sealing) {
    CipherContext cipher(EVP_CIPHER_CTX_new());
    require(cipher != nullptr && EVP_CipherInit_ex2(cipher.get(), EVP_aes_256_gcm(), bytes_of(key.bytes()),
                                                    bytes_of(nonce), sealing ? 1 : 0, nullptr) == 1,
            "start a cipher");
    return cipher;
}

}  // namespace

AesGcmSealer::AesGcmSealer(const SecretKey& master, domain::ports::Random& random)
    : sealing_(master.derive("tributary sealing v1")),
      fingerprinting_(master.derive("tributary fingerprint v1")),
      key_id_(hex(master.derive("tributary key id v1").bytes().substr(0, 8))),
      random_(random) {}

std::string AesGcmSealer::seal(std::string_view plain, std::string_view context) {
    std::string bytes(nonce_size + plain.size() + tag_size, '\0');
    unsigned char* const out = bytes_of(bytes);
    random_.fill({out, nonce_size});
    const CipherContext cipher = begin(sealing_, std::string_view(bytes).substr(0, nonce_size), true);
    authenticate(cipher.get(), associated_data(key_id_, context));
    int length = 0;
    int rest = 0;
    const bool done = EVP_CipherUpdate(cipher.get(), out + nonce_size, &length, bytes_of(plain),
                                       static_cast<int>(plain.size())) == 1 &&
                      EVP_CipherFinal_ex(cipher.get(), out + nonce_size + plain.size(), &rest) == 1 &&
                      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                                          out + nonce_size + plain.size()) == 1;
    require(done, "seal a text");
    return fmt::format("{}{}:{}", prefix, key_id_, base64(bytes));
}

domain::Result<std::string> AesGcmSealer::open(std::string_view sealed, std::string_view context) const {
    const ErrorQueueGuard guard;
    const auto altered = [] {
        return fail(Errc::configuration,
                    "A sealed credential was altered or belongs to another connection; remove the "
                    "connection and add it again");
    };
    if (!sealed.starts_with(prefix)) {
        return altered();
    }
    sealed.remove_prefix(prefix.size());
    const auto colon = sealed.find(':');
    if (colon != key_id_.size()) {
        return altered();
    }
    if (sealed.substr(0, colon) != key_id_) {
        return fail(
            Errc::configuration,
            fmt::format(
                "A credential was sealed under another key than {}, the one in the key file; name the "
                "file with the former key in secrets.key_file; without that key begin with an empty database",
                key_id_));
    }
    const auto bytes = base64_decode(sealed.substr(colon + 1));
    if (!bytes || bytes->size() < nonce_size + tag_size) {
        return altered();
    }
    const std::string_view nonce = std::string_view(*bytes).substr(0, nonce_size);
    const std::string_view hidden =
        std::string_view(*bytes).substr(nonce_size, bytes->size() - nonce_size - tag_size);
    std::string tag = bytes->substr(bytes->size() - tag_size);
    const CipherContext cipher = begin(sealing_, nonce, false);
    authenticate(cipher.get(), associated_data(key_id_, context));
    std::string plain(hidden.size() + 1, '\0');
    int length = 0;
    int rest = 0;
    const bool genuine =
        EVP_CipherUpdate(cipher.get(), bytes_of(plain), &length, bytes_of(hidden),
                         static_cast<int>(hidden.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
        EVP_CipherFinal_ex(cipher.get(), bytes_of(plain) + hidden.size(), &rest) == 1;
    if (!genuine) {
        OPENSSL_cleanse(plain.data(), plain.size());
        return altered();
    }
    plain.resize(hidden.size());
    return plain;
}

std::string AesGcmSealer::fingerprint(std::string_view purpose, std::string_view text) const {
    // A key of its own for every purpose: no separator between purpose and text can be confused.
    return hmac_sha256(hmac_sha256(fingerprinting_.bytes(), purpose), text);
}

}  // namespace tributary::crypto
