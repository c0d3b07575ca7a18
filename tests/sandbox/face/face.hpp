// A provider as its users see it: requests in, replies out. Pure but for the tokens and nonces it remembers.
#pragma once

#include <string>
#include <string_view>

#include "domain/ports/http.hpp"

namespace tributary::sandbox {

using domain::ports::HttpReply;
using domain::ports::HttpRequest;

class Face {
  public:
    virtual ~Face() = default;
    /// "tastytrade", "tdx" or "upvest".
    [[nodiscard]] virtual std::string_view provider() const = 0;
    virtual HttpReply answer(const HttpRequest& request) = 0;
    /// The route of a path with its ids left out, e.g. "/account_groups/{id}"; "(unknown)" for no route.
    [[nodiscard]] virtual std::string path_template(std::string_view path) const = 0;
};

}  // namespace tributary::sandbox
