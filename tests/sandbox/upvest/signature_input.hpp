// The Signature-Input and Signature fields of an HTTP message signature, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::sandbox {

struct SignatureInput {
    /// In the order in which they were signed.
    std::vector<std::string> components;
    /// Everything behind "<label>=": it is signed byte for byte.
    std::string params;
    std::string key_id;
    std::int64_t created = 0;
    std::int64_t expires = 0;
    std::string nonce;
    /// Decoded.
    std::string signature;
};

/// Nothing where one of the fields is malformed, a parameter is missing or given twice, or the labels differ.
std::optional<SignatureInput> parse_signature(std::string_view input_field, std::string_view signature_field);

}  // namespace tributary::sandbox
