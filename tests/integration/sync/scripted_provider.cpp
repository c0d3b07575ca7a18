#include "scripted_provider.hpp"

#include <spdlog/logger.h>

#include <array>

#include "domain/content_hash.hpp"

namespace tributary::tests {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::Task;

namespace {

domain::Observation account(const std::string& key) {
    domain::Observation seen;
    seen.provider_id = key;
    seen.entity = {domain::EntityKind::account, key};
    seen.normalized = domain::Account{};
    seen.raw = json::Object{{"id", key}};
    return seen;
}

class ScriptedSession final : public domain::ports::ProviderSession {
  public:
    ScriptedSession(Script& script, domain::ports::Clock& clock) : script_(script), clock_(clock) {
        facts_[0].name = "accounts";
        facts_[0].kind = domain::EntityKind::account;
        facts_[0].has_single_read = true;
    }

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override { return facts_; }

    Task<Result<Page>> fetch(const std::string&, domain::ports::PageRequest) override {
        const Result<void> slept = co_await clock_.sleep(script_.sleeps);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
        Page page;
        for (const std::string& key : script_.listed) {
            page.observations.push_back(account(key));
            page.item_keys.push_back(key);
        }
        co_return page;
    }

    Task<Result<Page>> read(const std::string&, const std::string& key) override {
        script_.reads.insert(key);
        if (const auto refused = script_.refuses_read(key)) {
            co_return domain::fail(*refused, "As scripted.");
        }
        Page page;
        page.observations.push_back(account(key));
        co_return page;
    }

  private:
    Script& script_;
    domain::ports::Clock& clock_;
    std::array<domain::ports::StreamFacts, 1> facts_;
};

class ScriptedProvider final : public domain::ports::Provider {
  public:
    explicit ScriptedProvider(Script& script) : script_(script) {}

    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools tools) const override {
        return std::make_unique<ScriptedSession>(script_, tools.clock);
    }

  private:
    Script& script_;
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
        co_return domain::fail(Errc::internal, "Nothing is asked here.");
    }
};

}  // namespace

Task<Result<void>> SleptClock::sleep(std::chrono::steady_clock::duration duration) {
    passed += duration;
    co_return Result<void>();
}

RunFixture::RunFixture() : connection(connect("scripted")) {
    providers.add(std::make_unique<ScriptedProvider>(script));
    script.refuses_read = [](const std::string&) { return std::nullopt; };
}

Result<sync::RunResult> RunFixture::run(std::function<bool()> keep_going) {
    OpenSealer sealer;
    NoTransport transport;
    const sync::SyncTools tools{
        store.pages(), store.connections(),        sealer,
        providers,     {transport, clock, random}, std::make_shared<spdlog::logger>("silent"),
        limits};
    good(store.connections().request_run(tenant, connection.id, "manual"));
    domain::ports::ClaimedRun claimed = claim(connection.id);
    const domain::ports::Lease lease{connection.id, claimed.fence};
    const domain::Uuid run_id = claimed.run_id;
    auto result = run_task(sync::perform_run(tools, std::move(claimed), std::move(keep_going)));
    if (result) {
        good(run_task(store.connections().finish_run(tenant, lease, run_id, result->outcome)));
    }
    return result;
}

std::string RunFixture::live() const {
    return value("SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NULL");
}

}  // namespace tributary::tests
