#include "ingest_runs.hpp"

#include <spdlog/logger.h>

#include <stdexcept>
#include <thread>

#include "services/sync/credentials.hpp"

namespace tributary::bench {

using domain::Result;
using domain::Uuid;
using tests::good;
using tests::run_task;

namespace {

class NoTransport final : public domain::ports::HttpTransport {
  public:
    domain::ports::Task<Result<domain::ports::HttpAnswer>> send(domain::ports::HttpCall) override {
        co_return domain::fail(domain::Errc::internal, "Nothing is asked here.");
    }
};

crypto::SecretKey key() {
    constexpr std::array<std::uint8_t, crypto::SecretKey::size> bytes{1, 2, 3};
    return crypto::SecretKey(bytes);
}

postgres::PoolOptions options_of(const std::string& url) {
    postgres::PoolOptions options;
    options.url = url;
    return options;
}

}  // namespace

IngestRuns::IngestRuns(const std::string& url, const Uuid& tenant)
    : tenant_(tenant),
      sealer_(key(), random_),
      store_(options_of(url), random_),
      transport_(std::make_unique<NoTransport>()) {}

Uuid IngestRuns::connect(const std::string& name) {
    domain::ports::NewConnection connection;
    connection.id = domain::named_uuid(tenant_, name);
    connection.name = name;
    connection.provider = "upvest";
    connection.base_url = "https://example.org";
    connection.settings = "{}";
    connection.sealed_credentials = sync::seal_credentials(sealer_, tenant_, connection.id, {});
    return good(store_.connections().create_connection(tenant_, connection)).id;
}

Seconds IngestRuns::run(const Uuid& connection, ListAnswer answer) {
    sync::Providers providers;
    providers.add(provider_of(std::move(answer)));
    const sync::SyncTools tools{
        store_.pages(), store_.connections(),           sealer_,
        providers,      {*transport_, clock_, random_}, std::make_shared<spdlog::logger>("silent")};
    good(store_.connections().request_run(tenant_, connection, "manual"));
    auto claimed =
        good(store_.connections().claim_connection(tests::id_of("bench"), connection, std::chrono::hours(1)));
    if (claimed.size() != 1) throw std::runtime_error("the connection is not due");
    const domain::ports::Lease lease = tests::lease_of(claimed.front());
    const Uuid run_id = claimed.front().run_id;
    const auto start = std::chrono::steady_clock::now();
    auto result = good(run_task(sync::perform_run(tools, std::move(claimed.front()), [] { return true; })));
    const Seconds took = std::chrono::steady_clock::now() - start;
    if (result.outcome.state != "succeeded") {
        throw std::runtime_error("a run ended as " + result.outcome.state + ": " + result.outcome.report);
    }
    good(run_task(store_.connections().finish_run(tenant_, lease, run_id, std::move(result.outcome))));
    return took;
}

Seconds IngestRuns::run_at_once(const std::vector<Uuid>& connections,
                                const std::vector<ListAnswer>& answers) {
    std::vector<std::exception_ptr> failures(connections.size());
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < connections.size(); ++i) {
            threads.emplace_back([&, i] {
                try {
                    run(connections[i], answers[i]);
                } catch (...) {
                    failures[i] = std::current_exception();
                }
            });
        }
    }
    const Seconds took = std::chrono::steady_clock::now() - start;
    for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
    return took;
}

}  // namespace tributary::bench
