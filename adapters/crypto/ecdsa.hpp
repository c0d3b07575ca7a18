// Elliptic curve keys and signatures in the forms of JSON Web Keys and tokens, for the files of this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

/// A public key on `curve` (OpenSSL's name) by its big-endian coordinates, of at most `size` bytes each.
/// Nothing where they are no point of the curve.
Pkey ec_public_key(std::string curve, std::size_t size, std::string_view x, std::string_view y);

/// A signature of two numbers side by side, of half the bytes each, as DER.
std::string der_signature_of_raw(std::string_view raw);

}  // namespace tributary::crypto
