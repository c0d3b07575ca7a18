// What every command but `config` stands on: the master key, the store, the providers, the transport. Built
// once from the settings, destroyed in reverse order.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "config/settings.hpp"
#include "domain/error.hpp"
#include "domain/ports/action_store.hpp"
#include "domain/ports/admin_store.hpp"
#include "domain/ports/change_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/drift_store.hpp"
#include "domain/ports/explain_store.hpp"
#include "domain/ports/feed_signal.hpp"
#include "domain/ports/news_store.hpp"
#include "domain/ports/object_read_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/read_store.hpp"
#include "domain/ports/retention_store.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/ports/webhook_store.hpp"
#include "services/admin/connection_request.hpp"
#include "services/cache/copies.hpp"
#include "services/replay/replay.hpp"
#include "services/sync/reprocess.hpp"
#include "services/sync/tools.hpp"
#include "services/webhooks/apply.hpp"

namespace tributary::app {

class Foundation {
  public:
    /// `io` is the thread on which providers are asked; it outlives the foundation. Errc::configuration where
    /// the database or the key is not configured, the key cannot be read or is not the database's, the schema
    /// is not this program's, or row-level security does not hold our role.
    static domain::Result<std::unique_ptr<Foundation>> build(boost::asio::io_context& io,
                                                             const config::Settings& settings,
                                                             std::shared_ptr<spdlog::logger> log);
    /// Ends well where build() would, and changes nothing: a database that was never used stays bound to no
    /// key.
    static domain::Result<void> check(const config::Settings& settings);
    ~Foundation();
    Foundation(const Foundation&) = delete;
    Foundation& operator=(const Foundation&) = delete;

    [[nodiscard]] domain::ports::ConnectionStore& connections();
    [[nodiscard]] domain::ports::ReadStore& reads();
    [[nodiscard]] domain::ports::ChangeStore& changes();
    [[nodiscard]] domain::ports::AdminStore& admin();
    [[nodiscard]] domain::ports::DriftStore& drift();
    [[nodiscard]] domain::ports::WebhookStore& webhooks();
    [[nodiscard]] domain::ports::ObjectReadStore& object_reads();
    [[nodiscard]] domain::ports::ExplainStore& explanations();
    [[nodiscard]] domain::ports::RetentionStore& retention();
    [[nodiscard]] domain::ports::PageStore& pages();
    [[nodiscard]] domain::ports::ActionStore& actions();
    [[nodiscard]] domain::ports::Sealer& sealer();
    [[nodiscard]] domain::ports::Clock& clock();
    [[nodiscard]] domain::ports::Random& random();
    /// Without budgets and breakers: not for providers.
    [[nodiscard]] domain::ports::HttpTransport& transport();
    [[nodiscard]] const sync::Providers& providers() const;
    /// What applying webhook events takes.
    [[nodiscard]] webhooks::ApplyTools apply_tools();
    /// Tells that changes may have come, from whichever replica. From the first call on this process hears
    /// and tells the others.
    [[nodiscard]] domain::ports::FeedSignal& feed();
    /// What runs are given. From the first call on this process hears which budgets others blocked.
    [[nodiscard]] sync::SyncTools sync_tools();
    /// For decoding quarantined objects again.
    [[nodiscard]] sync::ReprocessTools reprocess_tools();
    [[nodiscard]] replay::ReplayTools replay_tools();
    /// Of documents that readers asked for, as large as the settings say.
    [[nodiscard]] cache::Copies& copies();
    [[nodiscard]] domain::ports::NewsStore& news();
    /// Budgets and hosts as this process knows them.
    [[nodiscard]] sync::Traffic& traffic();
    /// A new id in the order of time.
    [[nodiscard]] domain::Uuid new_id();

  private:
    struct Parts;
    explicit Foundation(std::unique_ptr<Parts> parts);
    static domain::Result<std::unique_ptr<Foundation>> assemble(boost::asio::io_context& io,
                                                                const config::Settings& settings,
                                                                std::shared_ptr<spdlog::logger> log,
                                                                bool adopt_key);
    std::unique_ptr<Parts> parts_;
};

/// Errc::configuration with what to do where `database.url` is not set or cannot be read.
domain::Result<std::string> database_url(const config::Settings& settings);
/// For migrations: `database.direct_url`, or `database.url` where that is not set.
domain::Result<std::string> direct_database_url(const config::Settings& settings);

}  // namespace tributary::app
