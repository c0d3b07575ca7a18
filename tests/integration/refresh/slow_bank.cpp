#include "slow_bank.hpp"

#include <spdlog/logger.h>

#include <array>

#include "domain/content_hash.hpp"
#include "domain/ids.hpp"

namespace tributary::tests {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::StreamFacts;
using domain::ports::Task;

namespace {

std::span<const StreamFacts> bank_streams() {
    static const std::array<StreamFacts, 1> facts{{{.name = "accounts",
                                                    .kind = domain::EntityKind::account,
                                                    .paging = domain::ports::Paging::cursor,
                                                    .page_limit = 100,
                                                    .has_single_read = true,
                                                    .single_read_is_whole = true}}};
    return facts;
}

domain::Observation seen(const std::string& key, const Bank::Account& account) {
    domain::Observation observation;
    observation.provider_id = key;
    observation.entity = {domain::EntityKind::account, key};
    domain::Account normalized;
    normalized.name = account.name;
    observation.normalized = normalized;
    observation.raw = json::Object{{"id", key}, {"name", account.name}};
    observation.source_updated_at = account.updated_at;
    return observation;
}

class BankSession final : public domain::ports::ProviderSession {
  public:
    BankSession(Bank& bank, domain::ports::Clock& clock) : bank_(bank), clock_(clock) {}

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return bank_streams(); }

    Task<Result<Page>> fetch(const std::string&, domain::ports::PageRequest) override {
        Page page;
        for (const auto& [key, account] : bank_.accounts) {
            page.observations.push_back(seen(key, account));
            page.item_keys.push_back(key);
        }
        if (bank_.goes_in_circles) {
            page.next_cursor = "again";
        }
        co_return page;
    }

    Task<Result<Page>> read(const std::string&, const std::string& key) override {
        bank_.reads.push_back(key);
        Page page;
        page.observations.push_back(seen(key, bank_.accounts.at(key)));
        const Result<void> slept = co_await clock_.sleep(bank_.delay);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
        if (bank_.before_answer) {
            co_await bank_.before_answer();
        }
        if (bank_.refuses) {
            co_return domain::fail(*bank_.refuses, "As the test says.");
        }
        co_return page;
    }

  private:
    Bank& bank_;
    domain::ports::Clock& clock_;
};

class BankProvider final : public domain::ports::Provider {
  public:
    explicit BankProvider(Bank& bank) : bank_(bank) {}

    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return bank_streams(); }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<Page> decode(std::string_view, const json::Value&,
                                      const domain::SelfIds&) const override {
        return domain::fail(Errc::internal, "Nothing is decoded here.");
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools tools) const override {
        return std::make_unique<BankSession>(bank_, tools.clock);
    }

  private:
    Bank& bank_;
};

/// Credentials that say nothing, sealed by nobody.
class OpenSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view, std::string_view) override { return {}; }

    [[nodiscard]] Result<std::string> open(std::string_view, std::string_view) const override { return "{}"; }

    [[nodiscard]] std::string fingerprint(std::string_view, std::string_view text) const override {
        return domain::content_hash(text);
    }
};

class NoTransport final : public domain::ports::HttpTransport {
  public:
    Task<Result<domain::ports::HttpAnswer>> send(domain::ports::HttpCall) override {
        co_return domain::fail(Errc::internal, "Nothing is sent here.");
    }
};

}  // namespace

BankFixture::BankFixture()
    : StoreFixture(6),
      connection(connect("bank")),
      sealer(std::make_unique<OpenSealer>()),
      transport(std::make_unique<NoTransport>()) {
    providers.add(std::make_unique<BankProvider>(bank));
    for (int i = 0; i < 30; ++i) {
        bank.accounts["a" + std::to_string(i)] = {"as walked", std::nullopt};
    }
    walk();
    refresher = replica();
}

void BankFixture::walk() {
    good(store.connections().request_run(tenant, connection.id, "manual"));
    domain::ports::ClaimedRun claimed = claim(connection.id);
    const domain::ports::Lease lease = lease_of(claimed);
    const domain::Uuid run_id = claimed.run_id;
    const auto result = run_task(sync::perform_run(tools(), std::move(claimed), [] { return true; }));
    good(store.connections().finish_run(tenant, lease, run_id, good(result).outcome));
}

domain::Uuid BankFixture::id_of_account(const std::string& key) const {
    return domain::entity_id({tenant, connection.provider, connection.environment},
                             {domain::EntityKind::account, key});
}

domain::ports::ObjectKey BankFixture::key_of(const std::string& key) const {
    return {id_of_account(key), {connection.id, "accounts"}};
}

std::string BankFixture::stored_name(const std::string& key) const {
    return value("SELECT body::jsonb ->> 'name' FROM documents WHERE tenant_id = $T AND document_id = '" +
                 to_text(id_of_account(key)) + "'");
}

std::string BankFixture::runs(const std::string& state) const {
    return value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state = '" + state + "'");
}

sync::SyncTools BankFixture::tools() {
    return {store.pages(), store.connections(),         *sealer,
            providers,     {*transport, clock, random}, std::make_shared<spdlog::logger>("silent")};
}

std::unique_ptr<refresh::Refresher> BankFixture::replica() {
    refresh::RefreshTools made{[this] { return tools(); },
                               store.object_reads(),
                               providers,
                               clock,
                               [] { return id_of("work"); },
                               {},
                               std::make_shared<spdlog::logger>("silent")};
    return std::make_unique<refresh::Refresher>(io.get_executor(), std::move(made));
}

refresh::Demand BankFixture::demand(const std::string& key, std::chrono::milliseconds wait) {
    return {tenant,
            {{connection.provider, {connection.id, "accounts"}, id_of_account(key)}},
            clock.now(),
            clock.steady_now() + wait};
}

}  // namespace tributary::tests
