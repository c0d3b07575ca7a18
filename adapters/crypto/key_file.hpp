// The file that holds the service's master key.
#pragma once

#include <filesystem>

#include "adapters/crypto/secret_key.hpp"
#include "domain/error.hpp"

namespace tributary::crypto {

/// Reads a key of exactly 32 bytes, written as one line of base64. The file must be a regular file that only
/// its owner can read. Errc::configuration otherwise; the detail says what is wrong and what to do.
domain::Result<SecretKey> load_key_file(const std::filesystem::path& path);

}  // namespace tributary::crypto
