#include "scripted_provider.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <iterator>

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

std::string text_of(const std::string& stream, const domain::ports::PageRequest& request) {
    if (request.cursor) {
        return stream + " after " + *request.cursor;
    }
    return request.offset == 0 ? stream : stream + " from " + std::to_string(request.offset);
}

class ScriptedSession final : public domain::ports::ProviderSession {
  public:
    ScriptedSession(Script& script, domain::ports::Clock& clock, const domain::Uuid& connection)
        : script_(script), clock_(clock), connection_(connection) {
        script.most_open = std::max(script.most_open, ++script.open[connection]);
        add("accounts", true);
        if (script.groups) {
            add("groups", false);
        }
    }

    ~ScriptedSession() override { --script_.open[connection_]; }

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override { return facts_; }

    Task<Result<Page>> fetch(const std::string& stream, domain::ports::PageRequest request) override {
        const Result<void> slept = co_await clock_.sleep(script_.sleeps);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
        script_.asked.push_back(text_of(stream, request));
        if (const auto refused = script_.refuses_page(request)) {
            co_return domain::fail(*refused, "As scripted.");
        }
        co_return page_of(stream == "groups" ? *script_.groups : script_.listed, request);
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
    void add(const std::string& name, bool has_single_read) {
        domain::ports::StreamFacts facts;
        facts.name = name;
        facts.kind = domain::EntityKind::account;
        facts.paging = script_.paging;
        facts.page_limit = script_.page_limit;
        facts.has_single_read = has_single_read;
        facts_.push_back(std::move(facts));
    }

    [[nodiscard]] Page page_of(const std::set<std::string>& keys,
                               const domain::ports::PageRequest& request) const {
        Page page;
        page.drift = script_.drift;
        auto next = request.cursor ? keys.upper_bound(*request.cursor) : keys.begin();
        std::advance(next, std::min<std::uint64_t>(request.offset, keys.size()));
        const bool whole = script_.paging == domain::ports::Paging::single;
        for (; next != keys.end() && (whole || page.item_keys.size() < request.limit); ++next) {
            if (const auto found = script_.unusable.find(*next); found != script_.unusable.end()) {
                page.quarantined.push_back({found->second, "no id"});
                page.item_keys.push_back("content of " + *next);
                continue;
            }
            page.observations.push_back(account(*next));
            page.item_keys.push_back(*next);
        }
        if (script_.paging == domain::ports::Paging::cursor && next != keys.end()) {
            page.next_cursor = page.item_keys.back();
        }
        page.end_unsaid = script_.end_unsaid && !page.next_cursor;
        if (script_.paging == domain::ports::Paging::offset) {
            page.total = keys.size();
        }
        return page;
    }

    Script& script_;
    domain::ports::Clock& clock_;
    domain::Uuid connection_;
    std::vector<domain::ports::StreamFacts> facts_;
};

class ScriptedProvider final : public domain::ports::Provider {
  public:
    explicit ScriptedProvider(Script& script) : script_(script) {}

    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<Page> decode(std::string_view stream, const json::Value& raw,
                                      const domain::SelfIds&) const override {
        if (stream != "accounts" && stream != "groups") {
            return domain::fail(Errc::invalid_input, "Not in the script.");
        }
        const json::Value* id = raw.find("id");
        Page page;
        if (id == nullptr || id->if_string() == nullptr) {
            page.quarantined.push_back({raw, "no id"});
        } else {
            page.observations.push_back(account(*id->if_string()));
        }
        return page;
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext context, domain::ports::ProviderTools tools) const override {
        return std::make_unique<ScriptedSession>(script_, tools.clock, context.id);
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

RunFixture::RunFixture()
    : connection(connect("scripted")),
      sealer(std::make_unique<OpenSealer>()),
      transport(std::make_unique<NoTransport>()) {
    providers.add(std::make_unique<ScriptedProvider>(script));
    script.refuses_read = [](const std::string&) { return std::nullopt; };
    script.refuses_page = [](const domain::ports::PageRequest&) { return std::nullopt; };
}

sync::SyncTools RunFixture::tools() {
    return {store.pages(), store.connections(),         *sealer,
            providers,     {*transport, clock, random}, std::make_shared<spdlog::logger>("silent"),
            limits};
}

Result<sync::RunResult> RunFixture::run(std::function<bool()> keep_going) {
    const sync::SyncTools own = tools();
    good(store.connections().request_run(tenant, connection.id, "manual"));
    domain::ports::ClaimedRun claimed = claim(connection.id);
    const domain::ports::Lease lease{connection.id, claimed.fence};
    const domain::Uuid run_id = claimed.run_id;
    auto result = run_task(sync::perform_run(own, std::move(claimed), std::move(keep_going)));
    if (result) {
        good(run_task(store.connections().finish_run(tenant, lease, run_id, result->outcome)));
    } else {
        good(run_task(store.connections().renew_lease(lease, std::chrono::seconds(-1))));
    }
    return result;
}

std::string RunFixture::live() const {
    return value("SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NULL");
}

}  // namespace tributary::tests
