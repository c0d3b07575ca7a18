#include "action_fixture.hpp"

#include <spdlog/logger.h>

#include "domain/content_hash.hpp"
#include "domain/ids.hpp"
#include "services/actions/arguments.hpp"

namespace tributary::tests {

using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::ActionKind;

namespace {

/// Opens what it sealed for the same place, and credentials that nobody sealed.
class PlainSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) override {
        return std::string(context) + "|" + std::string(plain);
    }

    [[nodiscard]] Result<std::string> open(std::string_view sealed, std::string_view context) const override {
        if (sealed.starts_with("sealed:")) return "{}";
        if (!sealed.starts_with(context)) return domain::fail(Errc::configuration, "Sealed elsewhere.");
        return std::string(sealed.substr(context.size() + 1));
    }

    [[nodiscard]] std::string fingerprint(std::string_view purpose, std::string_view text) const override {
        return domain::content_hash(std::string(purpose) + std::string(text));
    }
};

class NoTransport final : public domain::ports::HttpTransport {
  public:
    domain::ports::Task<Result<domain::ports::HttpAnswer>> send(domain::ports::HttpCall) override {
        co_return domain::fail(Errc::internal, "Nothing is sent here.");
    }
};

}  // namespace

ActionFixture::ActionFixture()
    : StoreFixture(6),
      sealer(std::make_unique<PlainSealer>()),
      transport(std::make_unique<NoTransport>()),
      connection(connect("bank")) {
    // The other tests' actions, which their workers would have carried out.
    database.run("DELETE FROM action_queue");
    providers.add(make_changing_bank(bank));
    walk();
}

void ActionFixture::walk() {
    good(store.connections().request_run(tenant, connection.id, "manual"));
    domain::ports::ClaimedRun claimed = claim(connection.id);
    const domain::ports::Lease lease = lease_of(claimed);
    const Uuid run_id = claimed.run_id;
    const auto result = run_task(sync::perform_run(sync_tools(), std::move(claimed), [] { return true; }));
    good(store.connections().finish_run(tenant, lease, run_id, good(result).outcome));
}

Uuid ActionFixture::profile() const {
    return domain::entity_id({tenant, connection.provider, connection.environment},
                             {EntityKind::profile, "p1"});
}

Uuid ActionFixture::group(const std::string& key) const {
    return domain::entity_id({tenant, connection.provider, connection.environment},
                             {EntityKind::account_group, key});
}

domain::ports::NewAction ActionFixture::order(const std::string& name, ActionKind kind,
                                              const json::Object& arguments) {
    domain::ports::NewAction action;
    action.id = domain::named_uuid(tenant, name);
    action.key_hash = domain::content_hash("key " + name);
    action.fingerprint = domain::content_hash("fingerprint " + name);
    action.kind = kind;
    action.connection = connection.id;
    const bool about_group = kind == ActionKind::close_account_group;
    action.subject_kind = about_group ? EntityKind::account_group : EntityKind::profile;
    action.subject = about_group ? group() : profile();
    action.provider_subject = about_group ? "g1" : "p1";
    action.sealed_arguments = actions::seal_arguments(*sealer, tenant, action.id, arguments);
    action.requested_by = "a test";
    return action;
}

Uuid ActionFixture::begin(const domain::ports::NewAction& action) {
    return good(store.actions().begin_action(tenant, action, std::chrono::hours(24))).view.id;
}

Uuid ActionFixture::begin_language(const std::string& name, const std::string& language) {
    return begin(order(name, ActionKind::put_preferences, {{"language", language}}));
}

Uuid ActionFixture::begin_close(const std::string& name) {
    return begin(order(name, ActionKind::close_account_group, {{"closure_reason", "ordered"}}));
}

sync::SyncTools ActionFixture::sync_tools() {
    return {store.pages(), store.connections(),         *sealer,
            providers,     {*transport, clock, random}, std::make_shared<spdlog::logger>("silent")};
}

actions::ActionTools ActionFixture::tools() {
    return {sync_tools(),
            store.actions(),
            {},
            [this](std::string_view kind, std::string_view outcome) {
                ended.push_back(std::string(kind) + " " + std::string(outcome));
            },
            patience};
}

bool ActionFixture::work() {
    boost::asio::io_context io;
    actions::WorkerOptions options;
    options.owner = id_of("worker");
    actions::Worker worker(io.get_executor(), tools(), options);
    return good(run_task(io, worker.work_one()));
}

void ActionFixture::work_off() {
    while (work()) {
    }
}

domain::ports::ActionView ActionFixture::action(const Uuid& id) {
    return good(store.actions().action(tenant, id));
}

domain::ports::ClaimedAction ActionFixture::claim_action(std::chrono::seconds lasts) {
    auto claimed = good(store.actions().claim_action(id_of("somebody"), lasts));
    return claimed ? std::move(*claimed) : throw std::runtime_error("no action is due");
}

void ActionFixture::let_leases_end() const {
    database.run(
        "UPDATE action_queue SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL");
}

void ActionFixture::let_pauses_pass() const {
    database.run("UPDATE action_queue SET next_at = now() - interval '1 s'");
}

void ActionFixture::let_pass(const Uuid& id, const std::string& interval) const {
    const std::string by = "interval '" + interval + "'";
    database.run("UPDATE actions SET created_at = created_at - " + by + ", sent_at = sent_at - " + by +
                 ", ended_at = ended_at - " + by + ", expires_at = expires_at - " + by +
                 " WHERE action_id = '" + to_text(id) + "'");
    let_pauses_pass();
}

std::string ActionFixture::due_in(const Uuid& id) const {
    return value("SELECT round(extract(epoch FROM next_at - now())) FROM action_queue WHERE action_id = '" +
                 to_text(id) + "'");
}

std::string ActionFixture::stored_language() const {
    return value(
        "SELECT normalized::jsonb -> 'details' ->> 'language' FROM entities WHERE tenant_id = $T AND "
        "entity_id = '" +
        to_text(profile()) + "'");
}

std::string ActionFixture::stored_status() const {
    return value("SELECT body::jsonb ->> 'status' FROM documents WHERE tenant_id = $T AND document_id = '" +
                 to_text(group()) + "'");
}

}  // namespace tributary::tests
