#include "tests/unit/upvest/verifier.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "adapters/crypto/digest.hpp"

namespace tributary::tests {

using domain::ports::HttpCall;

namespace {

std::string value_of(const std::string& identifier, const HttpCall& call) {
    const auto query = call.target.find('?');
    if (identifier == "@method") {
        return call.method;
    }
    if (identifier == "@path") {
        return call.target.substr(0, query);
    }
    if (identifier == "@query") {
        REQUIRE(query != std::string::npos);
        return call.target.substr(query);
    }
    if (identifier == "content-length") {
        return std::to_string(call.body.size());
    }
    const auto field = call.fields.find(identifier);
    INFO("covered but not sent: ", identifier);
    REQUIRE(field.has_value());
    return std::string(*field);
}

}  // namespace

Verified verify(const HttpCall& call, const crypto::VerifyingKey& key) {
    const std::string input(call.fields.find("signature-input").value_or(""));
    static const std::regex form(
        R"re(sig1=(\(([^)]*)\);keyid="([^"]+)";created=([0-9]+);expires=([0-9]+);nonce="([A-Za-z0-9]+)"))re");
    std::smatch match;
    REQUIRE(std::regex_match(input, match, form));
    Verified verified{false, {}, match[3], std::stoll(match[4]), std::stoll(match[5]), match[6]};

    std::string base;
    const std::string list = match[2];
    static const std::regex quoted("\"([^\"]+)\"");
    for (auto it = std::sregex_iterator(list.begin(), list.end(), quoted); it != std::sregex_iterator();
         ++it) {
        const std::string identifier = (*it)[1];
        verified.covered.push_back(identifier);
        base += "\"" + identifier + "\": " + value_of(identifier, call) + "\n";
    }
    base += "\"@signature-params\": " + match[1].str();

    std::string signature(call.fields.find("signature").value_or(""));
    REQUIRE(signature.starts_with("sig1=:"));
    REQUIRE(signature.ends_with(":"));
    const auto bytes = crypto::base64_decode(std::string_view(signature).substr(6, signature.size() - 7));
    verified.good = bytes.has_value() && key.verify(base, *bytes);
    return verified;
}

}  // namespace tributary::tests
