// Writes down what a test program asked and was answered, so that the contract tests can hold it against the
// OpenAPI document.
#pragma once

#include <string_view>

#include "tests/support/blocking_http.hpp"

namespace tributary::e2e {

struct Exchange {
    std::string_view method;
    std::string_view target;
    const tests::HttpFields& request_fields;
    const tests::HttpResponse& response;
};

/// Appends a line of JSON to $TRIBUTARY_RECORD/<program>.jsonl, begun anew by each process; nothing where the
/// variable is not set. Neither the request's body, which may hold credentials, nor its Authorization is
/// written.
void record(const Exchange& exchange);

}  // namespace tributary::e2e
