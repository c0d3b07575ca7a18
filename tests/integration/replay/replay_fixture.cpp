#include "replay_fixture.hpp"

#include <utility>

#include "adapters/postgres/transaction.hpp"
#include "adapters/upvest/provider.hpp"
#include "domain/content_hash.hpp"
#include "domain/json/parse.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::tests {

using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;

namespace {

class Edited final : public domain::ports::Provider {
  public:
    explicit Edited(Edit edit) : edit_(std::move(edit)) {}

    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<Page> decode(std::string_view stream, const json::Value& raw,
                                      const domain::SelfIds& self) const override {
        Result<Page> page = upvest_->decode(stream, raw, self);
        if (page && edit_) {
            edit_(*page);
        }
        return page;
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return domain::fail(domain::Errc::internal, "Nothing is asked here.");
    }

  private:
    std::unique_ptr<domain::ports::Provider> upvest_ = upvest::make_provider();
    Edit edit_;
};

class OpenSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view, std::string_view) override { return {}; }

    [[nodiscard]] Result<std::string> open(std::string_view, std::string_view) const override { return "{}"; }

    [[nodiscard]] std::string fingerprint(std::string_view, std::string_view text) const override {
        return domain::content_hash(text);
    }
};

class StandingClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return {}; }

    domain::ports::Task<Result<void>> sleep(std::chrono::steady_clock::duration) override {
        co_return Result<void>();
    }
};

OpenSealer sealer;
StandingClock standing_clock;

view::CommitScope scope_of(const ReplayFixture& fixture) {
    view::CommitScope scope;
    scope.space = {fixture.tenant, fixture.connection.provider, fixture.connection.environment};
    scope.stream = fixture.users;
    scope.cause = {"run", id_of("run"), std::nullopt};
    return scope;
}

}  // namespace

std::unique_ptr<domain::ports::Provider> decoder(Edit edit) {
    return std::make_unique<Edited>(std::move(edit));
}

json::Object user(const std::string& id, const std::string& email, const std::string& updated_at) {
    return {{"id", id},
            {"first_name", "Ada"},
            {"last_name", "Lovelace " + id},
            {"email", email},
            {"updated_at", updated_at}};
}

void without_email(Page& page) {
    for (domain::Observation& seen : page.observations) {
        std::get<domain::Profile>(seen.normalized).email = {};
    }
}

ReplayFixture::ReplayFixture(std::size_t threads)
    : StoreFixture(threads),
      connection(connect("upvest")),
      users{connection.id, "users"},
      tools{store.pages(), store.connections(), store.replays(), sealer, standing_clock} {}

void ReplayFixture::say(const std::vector<json::Object>& objects, const domain::ports::Provider& provider) {
    Page page;
    for (const json::Object& object : objects) {
        Page one = good(provider.decode("users", object, {}));
        page.observations.push_back(std::move(one.observations.at(0)));
    }
    must([&](PageTransaction& transaction) {
        good(view::commit_page(transaction, scope_of(*this), page, sync::identifier_hash(sealer)));
    });
}

void ReplayFixture::forget(const std::vector<std::string>& ids) {
    must([&](PageTransaction& transaction) {
        good(view::commit_removal(transaction, scope_of(*this), ids, sync::identifier_hash(sealer)));
    });
}

Result<replay::ReplayReport> ReplayFixture::replay(const domain::ports::Provider& provider) {
    return run_task(replay::replay(tools, {tenant, connection, &provider, std::nullopt},
                                   {id_of("owner"), std::chrono::seconds(60)}));
}

Result<replay::ReplayReport> ReplayFixture::preview(const domain::ports::Provider& provider,
                                                    std::optional<domain::Timestamp> since) {
    return run_task(replay::preview(tools, {tenant, connection, &provider, since}));
}

std::string ReplayFixture::profile_member(const std::string& id, const std::string& key) const {
    return value("SELECT normalized::jsonb->>'" + key +
                 "' FROM records WHERE tenant_id = $T AND provider_id = '" + id + "'");
}

std::string ReplayFixture::customer_version(const std::string& id) const {
    return value(
        "SELECT d.version FROM documents d JOIN memberships m ON m.tenant_id = d.tenant_id AND m.customer_id "
        "= "
        "d.document_id JOIN records r ON r.tenant_id = m.tenant_id AND r.entity_id = m.profile_id WHERE "
        "d.tenant_id = $T AND r.provider_id = '" +
        id + "'");
}

std::string ReplayFixture::data_rows() {
    good(store.pool().run({},
                          [](postgres::Transaction& tx) { tx.exec("SELECT pg_stat_force_next_flush()"); }));
    return value(
        "SELECT string_agg(relname || ' ' || n_tup_ins + n_tup_upd + n_tup_del, E'\\n' ORDER BY relname)"
        " FROM pg_stat_user_tables WHERE relname NOT IN ('runs', 'due_queue')");
}

}  // namespace tributary::tests
