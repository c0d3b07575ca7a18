#include "services/sync/withdraw.hpp"

#include <memory>
#include <string>
#include <vector>

#include "domain/try.hpp"
#include "services/sync/view_rules.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

constexpr std::size_t records_a_step = 500;

/// Withdraws up to records_a_step records of the first stream that has any; says whether there was one.
Result<bool> withdraw_some(PageTransaction& transaction, const domain::ProviderSpace& space,
                           const domain::Uuid& connection, const domain::ports::CommitCause& cause,
                           const view::ViewRules& rules) {
    TRIBUTARY_TRY_LET(streams, transaction.record_streams(connection));
    if (streams.empty()) {
        return false;
    }
    const view::CommitScope scope{space, {connection, streams.front()}, 0, cause};
    TRIBUTARY_TRY_LET(ids, transaction.live_record_ids(scope.stream, "", records_a_step));
    TRIBUTARY_TRY(view::commit_removal(transaction, scope, ids, rules));
    return true;
}

}  // namespace

Task<Result<void>> withdraw_records(const SyncTools& tools, domain::ProviderSpace space,
                                    domain::Uuid connection, domain::ports::CommitCause cause,
                                    std::function<bool()> keep_going) {
    const auto more = std::make_shared<bool>(true);
    while (*more) {
        if (!keep_going()) {
            co_return domain::fail(domain::Errc::cancelled,
                                   "The service is stopping; the next owner goes on.");
        }
        auto step = [space, connection, cause, more, rules = view_rules(tools.sealer, tools.providers)](
                        PageTransaction& transaction) -> Result<void> {
            TRIBUTARY_TRY_LET(found, withdraw_some(transaction, space, connection, cause, rules));
            *more = found;
            return {};
        };
        Result<void> stepped = co_await tools.pages.transact(space.tenant, std::move(step));
        if (!stepped) {
            co_return stepped;
        }
    }
    co_return Result<void>();
}

}  // namespace tributary::sync
