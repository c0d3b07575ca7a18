#include "services/app/foundation.hpp"

#include <optional>
#include <utility>

#include "adapters/crypto/key_file.hpp"
#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/http/client/client.hpp"
#include "adapters/jwt/fetch_key_set.hpp"
#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/opening.hpp"
#include "adapters/postgres/replica_link.hpp"
#include "adapters/postgres/shared_feed_signal.hpp"
#include "adapters/postgres/store.hpp"
#include "adapters/system/system_clock.hpp"
#include "domain/try.hpp"
#include "services/app/issuer.hpp"
#include "services/app/registration.hpp"
#include "services/cache/told_changes.hpp"
#include "services/sync/guarded_transport.hpp"

namespace tributary::app {

using domain::Errc;
using domain::Result;

struct Foundation::Parts {
    Parts(const crypto::SecretKey& key, std::unique_ptr<http::HttpClient> client, postgres::PoolOptions pool,
          std::shared_ptr<spdlog::logger> logger, sync::RemovalLimits limits, std::string direct,
          std::size_t cache_bytes)
        : sealer(key, random),
          transport(std::move(client)),
          copies(cache_bytes, clock),
          store(announcing(std::move(pool)), random),
          log(std::move(logger)),
          removal_limits(limits),
          traffic{.budgets = store.budgets()},
          direct_url(std::move(direct)) {
        register_providers(providers);
    }

    /// For whoever asks providers, commits documents or waits for changes: from now on this process hears
    /// which budgets others blocked and what they committed, and tells what it commits itself.
    void listen() {
        if (!link) {
            link.emplace(direct_url,
                         postgres::BlockHearer{[this](const domain::ports::BudgetBlock& block) {
                                                   traffic.memory.block(block.key,
                                                                        clock.steady_now() + block.lasts);
                                               },
                                               [this] { return traffic.memory.keys(); }},
                         &feed);
        }
    }

    postgres::PoolOptions announcing(postgres::PoolOptions pool) {
        pool.committed = [this](const domain::ports::OwnNews& news) {
            copies.heard(news);
            if (news.commits) {
                feed.announce(news.tenant, news.commits->last.number);
            }
        };
        return pool;
    }

    system::SystemClock clock;
    /// Before the store, whose threads announce to it.
    postgres::SharedFeedSignal feed{clock};
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer;
    std::unique_ptr<http::HttpClient> transport;
    sync::Providers providers;
    cache::Copies copies;
    postgres::Store store;
    cache::ToldChanges changes{store.changes(), copies};
    std::shared_ptr<spdlog::logger> log;
    sync::RemovalLimits removal_limits;
    sync::Traffic traffic;
    std::string direct_url;
    /// Last: its thread uses the above.
    std::optional<postgres::ReplicaLink> link;
};

Foundation::Foundation(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Foundation::~Foundation() = default;

Result<std::string> database_url(const config::Settings& settings) {
    if (settings.database_url.empty()) {
        return domain::fail(Errc::configuration,
                            "No database is configured: set database.url in the configuration file, "
                            "or TRIBUTARY_DATABASE_URL or TRIBUTARY_DATABASE_URL_FILE.");
    }
    TRIBUTARY_TRY(postgres::check_conninfo("database.url", settings.database_url));
    return settings.database_url;
}

Result<std::string> direct_database_url(const config::Settings& settings) {
    if (settings.database_direct_url.empty()) {
        return database_url(settings);
    }
    TRIBUTARY_TRY(postgres::check_conninfo("database.direct_url", settings.database_direct_url));
    return settings.database_direct_url;
}

Result<std::unique_ptr<Foundation>> Foundation::build(boost::asio::io_context& io,
                                                      const config::Settings& settings,
                                                      std::shared_ptr<spdlog::logger> log) {
    return assemble(io, settings, std::move(log), true);
}

Result<void> Foundation::check(const config::Settings& settings) {
    boost::asio::io_context io;
    TRIBUTARY_TRY(assemble(io, settings, nullptr, false));
    TRIBUTARY_TRY(check_key_set_file(settings));
    return {};
}

Result<std::unique_ptr<Foundation>> Foundation::assemble(boost::asio::io_context& io,
                                                         const config::Settings& settings,
                                                         std::shared_ptr<spdlog::logger> log,
                                                         bool adopt_key) {
    TRIBUTARY_TRY_LET(url, database_url(settings));
    TRIBUTARY_TRY_LET(direct, direct_database_url(settings));
    if (settings.secrets_key_file.empty()) {
        return domain::fail(
            Errc::configuration,
            "No key is configured: set secrets.key_file to a file with 32 random bytes in base64, e.g. "
            "made by `openssl rand -base64 32`, readable by its owner only.");
    }
    TRIBUTARY_TRY_LET(key, crypto::load_key_file(settings.secrets_key_file));
    http::ClientOptions client;
    client.ca_file = settings.http_ca_file;
    for (const auto& [provider, origins] : settings.allowed_base_urls) {
        for (const std::string& origin : origins) {
            if (origin.starts_with("http://")) {
                client.plain_origins.push_back(origin);
            }
        }
    }
    if (settings.auth_jwks_url.starts_with("http://")) {
        client.plain_origins.push_back(jwt::split_address(settings.auth_jwks_url).origin);
    }
    TRIBUTARY_TRY_LET(transport, http::HttpClient::create(io.get_executor(), std::move(client)));
    postgres::PoolOptions pool;
    pool.url = url;
    pool.threads = settings.database_connections;
    pool.prepared = settings.database_prepared;
    const sync::RemovalLimits limits{static_cast<double>(settings.sync_removal_percent) / 100.0,
                                     settings.sync_removal_at_least};
    auto parts = std::make_unique<Parts>(key, std::move(transport), std::move(pool), std::move(log), limits,
                                         std::move(direct), settings.cache_bytes);
    parts->providers.set_precedence({settings.precedence, settings.field_precedence});
    for (const auto& [provider, limit] : settings.request_limits) {
        parts->traffic.terms[provider] = {static_cast<std::int64_t>(limit.requests_per_second),
                                          static_cast<std::int64_t>(limit.burst)};
    }
    TRIBUTARY_TRY(postgres::check_database(
        url, parts->sealer.key_id(), adopt_key ? postgres::FirstKey::adopt : postgres::FirstKey::only_look,
        settings.database_role));
    if (parts->direct_url != url) {
        // While it cannot be reached the link tries again and again, which is no reason not to start.
        const auto role = postgres::check_role(parts->direct_url);
        if (!role && role.error().code == Errc::configuration) {
            return std::unexpected(role.error());
        }
    }
    return std::unique_ptr<Foundation>(new Foundation(std::move(parts)));
}

domain::ports::ConnectionStore& Foundation::connections() {
    return parts_->store.connections();
}

domain::ports::ReadStore& Foundation::reads() {
    return parts_->store.reads();
}

domain::ports::ChangeStore& Foundation::changes() {
    return parts_->changes;
}

domain::ports::AdminStore& Foundation::admin() {
    return parts_->store.admin();
}

domain::ports::DriftStore& Foundation::drift() {
    return parts_->store.drift();
}

domain::ports::WebhookStore& Foundation::webhooks() {
    return parts_->store.webhooks();
}

webhooks::ApplyTools Foundation::apply_tools() {
    return {parts_->store.webhooks(), parts_->store.pages(),       parts_->sealer,
            parts_->providers,        [this] { return new_id(); }, parts_->log};
}

domain::ports::ExplainStore& Foundation::explanations() {
    return parts_->store.explanations();
}

domain::ports::RetentionStore& Foundation::retention() {
    return parts_->store.retention();
}

domain::ports::PageStore& Foundation::pages() {
    return parts_->store.pages();
}

domain::ports::ActionStore& Foundation::actions() {
    return parts_->store.actions();
}

domain::ports::ObjectReadStore& Foundation::object_reads() {
    return parts_->store.object_reads();
}

domain::ports::Sealer& Foundation::sealer() {
    return parts_->sealer;
}

domain::ports::Clock& Foundation::clock() {
    return parts_->clock;
}

domain::ports::Random& Foundation::random() {
    return parts_->random;
}

domain::ports::HttpTransport& Foundation::transport() {
    return *parts_->transport;
}

const sync::Providers& Foundation::providers() const {
    return parts_->providers;
}

sync::SyncTools Foundation::sync_tools() {
    parts_->listen();
    return {parts_->store.pages(),
            parts_->store.connections(),
            parts_->sealer,
            parts_->providers,
            {*parts_->transport, parts_->clock, parts_->random},
            parts_->log,
            parts_->removal_limits,
            {},
            &parts_->traffic,
            &parts_->store.tokens()};
}

sync::ReprocessTools Foundation::reprocess_tools() {
    return {parts_->store.quarantine(), parts_->store.connections(), parts_->store.pages(), parts_->sealer,
            parts_->providers};
}

domain::ports::FeedSignal& Foundation::feed() {
    parts_->listen();
    return parts_->feed;
}

replay::ReplayTools Foundation::replay_tools() {
    parts_->listen();
    return {parts_->store.pages(), parts_->store.connections(),   parts_->store.replays(), parts_->sealer,
            parts_->clock,         parts_->providers.precedence()};
}

cache::Copies& Foundation::copies() {
    return parts_->copies;
}

domain::ports::NewsStore& Foundation::news() {
    return parts_->store.news();
}

sync::Traffic& Foundation::traffic() {
    return parts_->traffic;
}

domain::Uuid Foundation::new_id() {
    std::array<std::uint8_t, 10> random{};
    parts_->random.fill(random);
    const auto now = std::chrono::floor<std::chrono::milliseconds>(parts_->clock.now().time_since_epoch());
    return domain::time_ordered_uuid(static_cast<std::uint64_t>(now.count()), random);
}

}  // namespace tributary::app
