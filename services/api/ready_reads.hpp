// Plain reads of one document, answered from copies, or from a load, before the request is copied out of the
// bytes it came in. Whoever asks for more than that (parameters, a moment, freshness, another media type, a
// problem) is answered the usual way.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/authenticator.hpp"
#include "services/api/rate_limit.hpp"
#include "services/api/router.hpp"
#include "services/api/told_text.hpp"
#include "services/cache/copies.hpp"

namespace tributary::api {

/// Borrowed; all outlive it.
struct ReadyTools {
    domain::ports::ReadStore& store;
    cache::Copies& copies;
    Authenticator& authenticator;
    RateLimits& rates;
    ToldTexts& texts;
    const domain::ports::Clock& clock;
};

class ReadyReads {
  public:
    /// `routes` says which scope a read takes.
    ReadyReads(ReadyTools tools, std::span<const Route> routes);

    /// As HttpHandler::at_once and HttpHandler::fetch.
    domain::ports::AtOnce answer(const domain::ports::RequestView& request,
                                 std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                                 domain::ports::ReadyReply& reply);
    domain::ports::Task<bool> fetch(domain::ports::ConnectionMemory& memory,
                                    domain::ports::ReadyReply& reply);

  private:
    struct Question;
    struct Caller;

    static constexpr std::array kinds = {domain::EntityKind::customer, domain::EntityKind::account,
                                         domain::EntityKind::sub_account, domain::EntityKind::account_group};

    [[nodiscard]] std::optional<Question> question_of(const domain::ports::RequestView& request) const;
    Caller* caller_of(std::string_view credentials, std::unique_ptr<domain::ports::ConnectionMemory>& memory);

    ReadyTools tools_;
    /// After a load that failed: until then reads take the usual way alone, whose load says why.
    std::atomic<std::chrono::steady_clock::time_point> resume_{};

    struct Kind {
        domain::EntityKind kind = domain::EntityKind::other;
        std::string prefix;
        std::string route;
        std::string scope;
    };

    std::array<Kind, kinds.size()> kinds_;
};

}  // namespace tributary::api
