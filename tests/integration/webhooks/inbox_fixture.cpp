#include "inbox_fixture.hpp"

#include <spdlog/logger.h>

#include <sstream>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/provider.hpp"
#include "domain/content_hash.hpp"
#include "domain/json/parse.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::tests {

using domain::Result;
using namespace domain::ports;

namespace {

constexpr std::int64_t first_second = 1'690'000'000;

std::string time_of(int version) {
    return domain::to_text(domain::Timestamp(std::chrono::seconds(first_second + version)));
}

}  // namespace

std::string PlainSealer::seal(std::string_view plain, std::string_view /*context*/) {
    return std::string(plain);
}

Result<std::string> PlainSealer::open(std::string_view sealed, std::string_view /*context*/) const {
    return std::string(sealed);
}

std::string PlainSealer::fingerprint(std::string_view purpose, std::string_view text) const {
    return domain::content_hash(std::string(purpose) + ":" + std::string(text)).substr(0, 32);
}

std::string group_object(const std::string& id, int version) {
    return R"({"id":")" + id + R"(","created_at":")" + time_of(0) + R"(","updated_at":")" + time_of(version) +
           R"(","type":"PERSONAL","status":"ACTIVE","users":[{"id":"u","type":"OWNER"}],"securities_account_number":")" +
           std::to_string(version) + R"("})";
}

std::string event_of(const std::string& event, const std::string& type, const std::string& object) {
    return R"({"id":")" + event + R"(","created_at":"2026-01-01T00:00:00Z","type":")" + type +
           R"(","object":)" + object + "}";
}

InboxFixture::InboxFixture()
    : connection(connect("inbox").id),
      applier(io.get_executor(),
              webhooks::ApplyTools{store.webhooks(), store.pages(), sealer, providers,
                                   [this] {
                                       domain::Uuid id;
                                       random.fill(id.bytes);
                                       return id;
                                   },
                                   std::make_shared<spdlog::logger>("test")},
              clock, {.owner = id_of("applier")}) {
    providers.add(upvest::make_provider());
    // What other tests left behind is none of ours.
    good(store.pool().run({}, [](postgres::Transaction& tx) { tx.exec("DELETE FROM webhook_queue"); }));
}

InboxReceipt InboxFixture::deliver(const std::vector<std::string>& events) {
    std::string body;
    for (const std::string& event : events) {
        body += (body.empty() ? "" : ",") + event;
    }
    body = R"({"payload":[)" + body + "]}";
    std::vector<InboxEvent> stored;
    for (WebhookEvent& event : providers.find("upvest")->webhooks()->events(body)) {
        stored.push_back(webhooks::stored_form(std::move(event), clock.now()));
    }
    return good(store.webhooks().receive_events(tenant, connection, std::move(stored)));
}

int InboxFixture::apply() {
    int served = 0;
    while (good(run_task(io, applier.apply_one()))) {
        ++served;
    }
    return served;
}

ClaimedRun InboxFixture::begin_poll() {
    good(store.connections().request_run(tenant, connection, "manual"));
    return claim(connection);
}

Result<void> InboxFixture::commit_poll(const ClaimedRun& run, const std::vector<std::string>& objects) {
    domain::Page page;
    for (const std::string& object : objects) {
        upvest::decode_item(domain::EntityKind::account_group, json::parse(object).value().root, page);
    }
    const view::CommitScope scope{{tenant, "upvest", run.connection.environment},
                                  {connection, "account_groups"},
                                  0,
                                  {"run", run.run_id, Lease{connection, run.fence}}};
    return this->page([&](PageTransaction& transaction) -> Result<void> {
        const auto committed = view::commit_page(transaction, scope, page, sync::identifier_hash(sealer));
        return committed ? Result<void>() : std::unexpected(committed.error());
    });
}

void InboxFixture::end_poll(const ClaimedRun& run) {
    RunOutcome outcome = succeeded();
    outcome.next_due_in = std::chrono::minutes(5);
    good(store.connections().finish_run(tenant, {connection, run.fence}, run.run_id, outcome));
}

void InboxFixture::poll(const std::vector<std::string>& objects) {
    const ClaimedRun run = begin_poll();
    good(commit_poll(run, objects));
    end_poll(run);
}

int InboxFixture::version_of(const std::string& group) const {
    const std::string found = value(
        "SELECT normalized::jsonb ->> 'securities_account_number' FROM records WHERE tenant_id = $T AND "
        "provider_id = '" +
        group + "' AND removed_at IS NULL");
    return found.empty() ? -1 : std::stoi(found);
}

std::map<std::string, int> InboxFixture::versions() const {
    std::istringstream lines(value(
        "SELECT string_agg(provider_id || ' ' || (normalized::jsonb ->> 'securities_account_number'), E'\n') "
        "FROM records WHERE tenant_id = $T AND removed_at IS NULL"));
    std::map<std::string, int> found;
    std::string id;
    int version = 0;
    while (lines >> id >> version) {
        found[id] = version;
    }
    return found;
}

std::string InboxFixture::state_of(const std::string& event) const {
    return value("SELECT state FROM webhook_events WHERE tenant_id = $T AND event_id = '" + event + "'");
}

InboxView InboxFixture::inbox() {
    return good(store.webhooks().inbox(tenant, connection));
}

}  // namespace tributary::tests
