// Plain reads of one document, answered from copies before the request is copied out of the bytes it came in.
// Whoever asks for more than that (parameters, a moment, freshness, another media type, a problem) is
// answered the usual way.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "domain/ports/http.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/authenticator.hpp"
#include "services/api/conditional.hpp"
#include "services/api/rate_limit.hpp"
#include "services/api/router.hpp"
#include "services/cache/copies.hpp"

namespace tributary::api {

class ReadyReads {
  public:
    /// All are borrowed and outlive it; `routes` says which scope a read takes.
    ReadyReads(cache::Copies& copies, Authenticator& authenticator, RateLimits& rates,
               std::span<const Route> routes);

    /// As HttpHandler::at_once.
    bool answer(const domain::ports::RequestView& request,
                std::unique_ptr<domain::ports::ConnectionMemory>& memory, domain::ports::ReadyReply& reply);

  private:
    struct Caller;
    struct Question;

    static constexpr std::array kinds = {domain::EntityKind::customer, domain::EntityKind::account,
                                         domain::EntityKind::sub_account, domain::EntityKind::account_group};

    [[nodiscard]] std::optional<Question> question_of(const domain::ports::RequestView& request) const;
    const Caller* caller_of(std::string_view credentials,
                            std::unique_ptr<domain::ports::ConnectionMemory>& memory);

    cache::Copies& copies_;
    Authenticator& authenticator_;
    RateLimits& rates_;

    struct Kind {
        domain::EntityKind kind = domain::EntityKind::other;
        std::string prefix;
        std::string route;
        std::string scope;
    };

    std::array<Kind, kinds.size()> kinds_;
};

/// A copy of a whole answer (status 200, without its position): what it says, and what it depends on.
std::shared_ptr<const cache::ReadyDocument> copy_of(const domain::ports::HttpReply& answer,
                                                    const std::shared_ptr<cache::TenantFeed>& feed,
                                                    const domain::ports::DocumentLoad& load);

}  // namespace tributary::api
