// What the OpenAPI document declares, as far as it bears on who may what.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/system/api.hpp"

namespace tributary::e2e {

struct Operation {
    std::string id;
    std::string method;
    /// With its placeholders, e.g. "/v1/customers/{id}".
    std::string path;
    /// One of these is needed; empty: no credentials are asked for.
    std::vector<std::string> scopes;
    /// Statuses that it documents.
    std::vector<int> statuses;
};

/// The document as the service serves it.
json::Value openapi_document(Api& api);
/// Every operation of the API's own listener.
std::vector<Operation> operations_of(const json::Value& document);

}  // namespace tributary::e2e
