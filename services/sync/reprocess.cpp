#include "services/sync/reprocess.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "domain/json/parse.hpp"
#include "domain/try.hpp"
#include "services/sync/unusable_key.hpp"
#include "services/sync/view_rules.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::Uuid;
using domain::ports::ConnectionView;
using domain::ports::PageTransaction;
using domain::ports::QuarantinedObject;
using domain::ports::RecordState;
using domain::ports::Task;

namespace {

/// The page that it makes today, or why it makes none still.
Result<Page> decode_again(const Providers& providers, const ConnectionView& connection,
                          const QuarantinedObject& object) {
    const domain::ports::Provider* provider = providers.find(connection.provider);
    if (provider == nullptr) {
        return domain::fail(Errc::configuration,
                            "This program has no provider named '" + connection.provider + "'.");
    }
    TRIBUTARY_TRY_LET(parsed, json::parse(object.raw));
    TRIBUTARY_TRY_LET(page, provider->decode(object.entry.stream.stream, parsed.root, connection.self));
    quarantine_unusable(page);
    // Who owns the credentials is learned from what the provider says today.
    page.self = {};
    if (!page.quarantined.empty()) {
        return domain::fail(Errc::contract, page.quarantined.front().reason);
    }
    if (page.observations.empty()) {
        return domain::fail(Errc::contract, "It holds no object.");
    }
    return page;
}

/// Whether the page may be written over what is stored of its objects. What was quarantined was read at some
/// time in the past, so only an update time of the provider's own can make it the newer one.
Result<bool> is_news(PageTransaction& transaction, const domain::ports::StreamRef& stream, const Page& page) {
    std::vector<std::string> ids;
    for (const domain::Observation& observation : page.observations) {
        ids.push_back(observation.provider_id);
    }
    TRIBUTARY_TRY_LET(states, transaction.records(stream, ids));
    for (const RecordState& state : states) {
        if (state.removed) {
            return domain::fail(Errc::conflict,
                                "The object was removed since; the next run brings it if it is back.");
        }
        const auto& sent =
            std::ranges::find(page.observations, state.provider_id, &domain::Observation::provider_id)
                ->source_updated_at;
        if (!sent || !state.source_updated_at || *sent <= *state.source_updated_at) {
            return false;
        }
    }
    return true;
}

Result<bool> commit_again(PageTransaction& transaction, const view::CommitScope& scope,
                          const QuarantinedObject& object, const Page& page, const view::ViewRules& rules) {
    TRIBUTARY_TRY(transaction.hold_schedule(scope.stream.connection_id));
    TRIBUTARY_TRY_LET(news, is_news(transaction, scope.stream, page));
    if (news) {
        TRIBUTARY_TRY(view::commit_page(transaction, scope, page, rules));
    }
    TRIBUTARY_TRY(transaction.release_quarantined(scope.stream, std::vector{object.content_hash}));
    return news;
}

std::unexpected<domain::Error> still_unreadable(const std::string& reason) {
    return domain::fail(Errc::conflict, "It cannot be decoded: " + reason + " It stays in quarantine.");
}

}  // namespace

Task<Result<Reprocessed>> reprocess(ReprocessTools tools, Uuid tenant, Uuid id) {
    Result<QuarantinedObject> object = co_await tools.quarantine.quarantined_object(tenant, id);
    if (!object) {
        co_return std::unexpected(std::move(object).error());
    }
    const domain::ports::StreamRef stream = object->entry.stream;
    Result<ConnectionView> connection = co_await tools.connections.connection(tenant, stream.connection_id);
    if (!connection) {
        co_return std::unexpected(std::move(connection).error());
    }
    if (connection->status == domain::ConnectionStatus::removing) {
        co_return domain::fail(Errc::conflict,
                               "The connection is being removed, and its quarantine with it.");
    }
    Result<Page> page = decode_again(tools.providers, *connection, *object);
    if (!page && page.error().code == Errc::configuration) {
        co_return std::unexpected(std::move(page).error());
    }
    if (!page) {
        const std::string reason = page.error().detail;
        Result<void> noted = co_await tools.quarantine.note_failed_decoding(tenant, id, reason);
        if (!noted) {
            co_return std::unexpected(std::move(noted).error());
        }
        co_return still_unreadable(reason);
    }
    view::CommitScope scope{{tenant, connection->provider, connection->environment},
                            stream,
                            object->fullness,
                            {"operator", id, std::nullopt}};
    const auto stored = std::make_shared<bool>(false);
    auto job = [scope = std::move(scope), object = std::make_shared<const QuarantinedObject>(*object),
                page = std::make_shared<const Page>(std::move(*page)), stored,
                rules =
                    view_rules(tools.sealer, tools.providers)](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(news, commit_again(transaction, scope, *object, *page, rules));
        *stored = news;
        return {};
    };
    Result<void> committed = co_await tools.pages.transact(tenant, std::move(job));
    if (!committed) {
        co_return std::unexpected(std::move(committed).error());
    }
    co_return Reprocessed{id, stream, *stored ? "stored" : "superseded"};
}

}  // namespace tributary::sync
