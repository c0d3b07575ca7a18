#include "adapters/tastytrade/client.hpp"

#include <utility>

#include "adapters/tastytrade/refusal.hpp"

namespace tributary::tastytrade {

namespace ports = domain::ports;
using domain::Result;

Client::Client(const ports::ProviderTools& tools, std::string origin, Credentials credentials)
    : transport_(tools.transport),
      clock_(tools.clock),
      origin_(origin),
      tokens_(tools, std::move(origin), std::move(credentials)) {}

ports::Task<Result<std::string>> Client::get(std::string target, std::string_view endpoint) {
    Result<std::string> token = co_await tokens_.get();
    if (!token) {
        co_return std::unexpected(token.error());
    }
    Result<ports::HttpAnswer> answer = co_await transport_.send(read_request(origin_, target, *token));
    if (answer && answer->status == 401 && !is_html(*answer)) {
        tokens_.reject(*token);
        token = co_await tokens_.get();
        if (!token) {
            co_return std::unexpected(token.error());
        }
        answer = co_await transport_.send(read_request(origin_, target, *token));
    }
    if (!answer) {
        co_return std::unexpected(answer.error());
    }
    if (answer->status != 200) {
        co_return std::unexpected(read_refused(*answer, endpoint, clock_.now()));
    }
    co_return std::move(answer->body);
}

}  // namespace tributary::tastytrade
