// The only way to a provider: every request of a connection's session first gets its share of the
// credential's budget and its host's leave, and every answer is taken note of.
#pragma once

#include <map>
#include <set>
#include <string>

#include "domain/ports/budget_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "services/sync/budget_memory.hpp"
#include "services/sync/hosts.hpp"

namespace tributary::sync {

/// What all sessions of this process share. Outlives them.
struct Traffic {
    domain::ports::BudgetStore& budgets;
    /// By provider; a provider without terms gets the most cautious ones.
    std::map<std::string, domain::BudgetTerms, std::less<>> terms = {};
    BudgetMemory memory = {};
    Hosts hosts = {};
};

/// Who sends, and how urgent it is.
struct Sender {
    domain::ports::BudgetKey budget;
    domain::Uuid connection;
    domain::Lane lane = domain::Lane::background;
};

/// One session's transport. Used from one thread; must outlive the tasks it returned.
class GuardedTransport final : public domain::ports::HttpTransport {
  public:
    GuardedTransport(domain::ports::HttpTransport& inner, domain::ports::Clock& clock, Traffic& traffic,
                     Sender sender);

    /// Besides the inner transport's errors: Errc::throttled where the budget or a block would make the
    /// request wait longer than its lane has patience, Errc::unavailable where the host is in trouble or the
    /// retries are spent. Both without a byte sent; `retry_after` says how long it takes where that is known.
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;

  private:
    domain::ports::Task<domain::Result<Hosts::Turn>> acquire(std::string origin, bool again);
    domain::ports::Task<domain::Result<void>> draw(std::int64_t tokens);
    domain::ports::Task<void> note_throttling(const domain::ports::HttpAnswer& answer);

    domain::ports::HttpTransport& inner_;
    domain::ports::Clock& clock_;
    Traffic& traffic_;
    Sender sender_;
    domain::BudgetTerms terms_;
    bool opened_ = false;
    /// Requests whose last attempt failed: the next one is a second attempt.
    std::set<std::string> failed_;
};

}  // namespace tributary::sync
