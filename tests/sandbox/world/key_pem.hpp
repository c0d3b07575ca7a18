// Private keys from given bytes, in the forms in which Upvest's customers hold them. Deterministic, because
// the keys of a population must follow from its seed.
#pragma once

#include <string>
#include <string_view>

namespace tributary::sandbox {

/// PKCS#8 PEM of the Ed25519 key with these 32 bytes.
std::string ed25519_pem(std::string_view seed);
/// SEC1 PEM ("EC PRIVATE KEY") of the P-521 key with this 64-byte scalar, sealed with AES-256-CBC in the way
/// of `openssl ec -aes256`. `iv` is 16 bytes.
std::string sealed_p521_pem(std::string_view scalar, std::string_view passphrase, std::string_view iv);

}  // namespace tributary::sandbox
