// Ownership of OpenSSL's objects and its error queue, for the files of this folder.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tributary::crypto {

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};

using Bio = std::unique_ptr<BIO, Freed<&BIO_free_all>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<&EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<&EVP_CIPHER_CTX_free>>;

/// Empties the error queue when a function is left: TLS on the same thread would take our leftovers for its
/// own.
struct ErrorQueueGuard {
    ErrorQueueGuard() = default;
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;

    ~ErrorQueueGuard() { ERR_clear_error(); }
};

/// For primitives that fail only when memory or entropy is gone.
inline void require(bool done, const char* what) {
    if (!done) {
        ERR_clear_error();
        throw std::runtime_error(std::string("OpenSSL failed to ") + what);
    }
}

inline const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace tributary::crypto
