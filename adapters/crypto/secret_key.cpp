#include "adapters/crypto/secret_key.hpp"

#include <openssl/crypto.h>
#include <openssl/kdf.h>

#include <algorithm>

#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

SecretKey::SecretKey(std::span<const std::uint8_t, size> bytes) {
    std::ranges::copy(bytes, bytes_.begin());
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
    other.wipe();
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        other.wipe();
    }
    return *this;
}

SecretKey::~SecretKey() {
    wipe();
}

void SecretKey::wipe() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::string_view SecretKey::bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

SecretKey SecretKey::derive(std::string_view purpose) const {
    const PkeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    SecretKey out;
    std::size_t length = out.bytes_.size();
    const bool done =
        context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_.data(), static_cast<int>(bytes_.size())) == 1 &&
        EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose), static_cast<int>(purpose.size())) ==
            1 &&
        EVP_PKEY_derive(context.get(), out.bytes_.data(), &length) == 1 && length == out.bytes_.size();
    require(done, "derive a key");
    return out;
}

}  // namespace tributary::crypto
