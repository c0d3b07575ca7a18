#include "adapters/jwt/fetch_key_set.hpp"

#include <algorithm>
#include <utility>

#include "adapters/jwt/key_set.hpp"

namespace tributary::jwt {

using domain::Errc;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;

KeySetAddress split_address(std::string_view url) {
    const std::size_t scheme = url.find("://");
    const std::size_t place = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t path = std::min(url.find_first_of("/?", place), url.size());
    std::string target(url.substr(path));
    if (!target.starts_with('/')) {
        target.insert(0, "/");
    }
    return {std::string(url.substr(0, path)), std::move(target)};
}

domain::ports::Task<Result<std::string>> fetch_key_set(domain::ports::HttpTransport& transport,
                                                       KeySetAddress address) {
    HttpCall call;
    call.origin = std::move(address.origin);
    call.target = std::move(address.target);
    call.fields.add("Accept", "application/jwk-set+json, application/json");
    Result<HttpAnswer> answer = co_await transport.send(std::move(call));
    if (!answer) {
        co_return std::unexpected(answer.error());
    }
    if (answer->status != 200) {
        co_return domain::fail(Errc::unavailable, "The issuer answered for its keys with status " +
                                                      std::to_string(answer->status) + ".");
    }
    if (answer->body.size() > longest_key_set) {
        co_return domain::fail(Errc::contract, "The issuer's key set is longer than 256 KiB.");
    }
    co_return std::move(answer->body);
}

}  // namespace tributary::jwt
