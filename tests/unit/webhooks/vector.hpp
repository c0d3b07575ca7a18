// The published vector of a signed delivery.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/ports/http.hpp"

namespace tributary::tests {

inline json::Value webhook_vector() {
    std::ifstream file(TRIBUTARY_FIXTURES "/upvest/signature_vectors.json");
    const auto parsed = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    for (const json::Value& vector : *parsed.value().root.find("vectors")->if_array()) {
        if (*vector.find("name")->if_string() == "v6-webhook-unquoted") return vector;
    }
    throw std::runtime_error("there is no such vector");
}

inline domain::ports::HttpRequest vector_delivery() {
    const json::Value vector = webhook_vector();
    domain::ports::HttpRequest delivery;
    delivery.method = "POST";
    delivery.path = "/webhooks/upvest";
    delivery.body = *vector.find("body")->if_string();
    for (const json::Entry& field : *vector.find("headers")->if_object()) {
        delivery.fields.add(field.key, *field.value.if_string());
    }
    return delivery;
}

inline std::string vector_jwks() {
    return json::write(*webhook_vector().find("jwks"));
}

}  // namespace tributary::tests
