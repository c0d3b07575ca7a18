// The fixtures of tests/fixtures/upvest, and keys to sign with.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::tests {

/// "users" -> the text of tests/fixtures/upvest/users.json.
std::string fixture_text(std::string_view name);
json::Value fixture(std::string_view name);
json::Value parse_or_fail(std::string_view text);

/// The member of an object that must be there.
const json::Value& at(const json::Value& object, std::string_view key);
const std::string& text_at(const json::Value& object, std::string_view key);

/// PKCS#8 PEM of the Ed25519 key with which the signature vectors were made.
std::string vector_key_pem();
/// A new P-521 key as SEC1 PEM, sealed with the passphrase unless that is empty.
std::string new_p521_pem(std::string_view passphrase = {});

}  // namespace tributary::tests
