#include "adapters/upvest/client.hpp"

#include <utility>

namespace tributary::upvest {

using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::Task;

Task<Result<std::string>> Client::get(std::string target, Subject subject) {
    return send({.target = std::move(target)}, subject, {200});
}

Task<Result<std::string>> Client::call(Ask ask, Subject subject) {
    return send(std::move(ask), subject, {200, 201, 202, 204});
}

Task<Result<std::string>> Client::send(Ask ask, Subject subject, std::set<int> successes) {
    // A 401 is an expired token or a bad signature, and the body does not tell which: both are made anew,
    // once.
    for (bool second_chance = true;; second_chance = false) {
        const Result<std::string> token = co_await tokens_.get();
        if (!token) {
            co_return std::unexpected(token.error());
        }
        Result<HttpAnswer> answer = co_await requester_.send(ask, *token);
        if (!answer) {
            co_return std::unexpected(answer.error());
        }
        if (successes.contains(answer->status)) {
            co_return std::move(answer->body);
        }
        if (answer->status == 401) {
            tokens_.drop(*token);
            if (second_chance) {
                continue;
            }
        }
        co_return std::unexpected(refusal(*answer, subject, requester_.clock().now()));
    }
}

}  // namespace tributary::upvest
