// How a request proves who sends it. A connection has one authorizer for its lifetime.
#pragma once

#include <string>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"

namespace tributary::tdx {

class Authorizer {
  public:
    virtual ~Authorizer() = default;
    /// The Authorization header for this attempt at `call`, which is otherwise complete and outlives the
    /// task.
    virtual domain::ports::Task<domain::Result<std::string>> authorization(
        const domain::ports::HttpCall& call) = 0;
    /// T-DX answered 401 to this header: the next one must be another.
    virtual void refused(const std::string& authorization) = 0;
};

}  // namespace tributary::tdx
