#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <map>
#include <set>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/system/system_clock.hpp"
#include "services/admin/api_key.hpp"
#include "services/api/api.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using api::Route;
using Scopes = std::vector<std::string>;

namespace {

struct NothingRefreshed final : refresh::Refreshing {
    domain::ports::Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
};

struct Silence final : domain::ports::FeedSignal {
    void announce(const domain::Uuid&, std::int64_t) override {}

    domain::ports::Task<domain::Result<void>> wait(domain::Uuid, std::int64_t,
                                                   std::chrono::milliseconds) override {
        co_return domain::fail(domain::Errc::cancelled, "Nobody waits here.");
    }

    void stop() override {}
};

/// The API over a store, with one key for each set of scopes that a check needs.
struct Service {
    tests::StoreFixture fixture;
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{7}), random};
    system::SystemClock clock;
    sync::Providers providers;
    sync::Traffic traffic{.budgets = fixture.store.budgets()};
    std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("none");
    boost::asio::io_context io;
    webhooks::KeyRing keys{io.get_executor(), clock, {}, log};
    webhooks::Deliveries deliveries{{fixture.store.webhooks(), providers, keys, clock, log}};
    NothingRefreshed refresher;
    Silence feed;
    cache::Copies copies{0, clock};
    std::map<Scopes, std::string> made;

    [[nodiscard]] api::Api api_with(std::span<const Route> routes) {
        postgres::Store& store = fixture.store;
        return api::Api(
            {.reads = store.reads(),
             .changes = store.changes(),
             .feed = feed,
             .admin = store.admin(),
             .clock = clock,
             .connections = {store.connections(), sealer, providers, {}, {}, {}},
             .review = {store.drift(),
                        {store.quarantine(), store.connections(), store.pages(), sealer, providers}},
             .identity = {store.pages(), store.explanations(), store.reads(), sealer, providers, {}},
             .traffic = traffic,
             .webhooks = {deliveries, store.webhooks()},
             .actions = {store.actions(), sealer, providers, clock, {}, {}},
             .refresher = refresher,
             .log = log,
             .random = random,
             .copies = copies,
             .routes = routes});
    }

    const std::string& key_with(const Scopes& scopes) {
        const auto [place, fresh] = made.try_emplace(scopes, admin::make_api_key(random));
        if (fresh) {
            domain::ports::ApiKey stored;
            stored.id = domain::named_uuid({}, place->second);
            stored.tenant = fixture.tenant;
            stored.scopes = scopes;
            tests::good(fixture.store.admin().create_key(stored, admin::api_key_hash(sealer, place->second)));
        }
        return place->second;
    }

    /// How the request of this route is admitted: 200, or the status of the refusal. Without scopes nobody
    /// asks.
    int admitted(api::Api& api, const Route& route, const std::optional<Scopes>& scopes) {
        domain::ports::HttpRequest head;
        head.method = route.method;
        head.path = api::template_of(route);
        for (auto at = head.path.find('{'); at != std::string::npos; at = head.path.find('{')) {
            head.path.replace(at, head.path.find('}') - at + 1, to_text(tests::id_of("any")));
        }
        head.fields.add("Content-Type", "application/json");
        head.fields.add("Idempotency-Key", "any");
        if (scopes) head.fields.add("Authorization", "Bearer " + key_with(*scopes));
        const auto refusal = tests::run_task(api.admit(head));
        if (!refusal) return 200;
        const bool lacks_scope = refusal->body.contains("\"missing_scope\"");
        return refusal->status == 403 && !lacks_scope ? 0 : refusal->status;
    }
};

std::set<std::string> all_scopes() {
    std::set<std::string> all;
    for (const Route& route : api::routes()) {
        if (!route.scope.empty()) all.emplace(route.scope);
    }
    return all;
}

Scopes all_but(std::string_view scope) {
    Scopes others;
    for (const std::string& each : all_scopes()) {
        if (each != scope) others.push_back(each);
    }
    return others;
}

/// Whether a route is admitted as it is declared: to a key with its scope, not to one with every other, and
/// not to nobody.
bool holds(Service& service, api::Api& api, const Route& declared) {
    return service.admitted(api, declared, std::nullopt) == 401 &&
           service.admitted(api, declared, all_but(declared.scope)) == 403 &&
           service.admitted(api, declared, Scopes{std::string(declared.scope)}) == 200;
}

}  // namespace

TEST_CASE("each route lets in who has its scope, and nobody else") {
    Service service;
    api::Api api = service.api_with(api::routes());
    for (const Route& route : api::routes()) {
        if (!route.scope.empty()) CHECK_MESSAGE(holds(service, api, route), api::template_of(route));
    }
}

TEST_CASE("each scope that is missing or another one is noticed") {
    Service service;
    std::size_t mutants = 0;
    const std::vector<Route> declared(api::routes().begin(), api::routes().end());
    for (std::size_t i = 0; i < declared.size(); ++i) {
        if (declared[i].scope.empty()) continue;
        Scopes replacements = all_but(declared[i].scope);
        replacements.emplace_back();
        for (const std::string& replacement : replacements) {
            std::vector<Route> routes = declared;
            routes[i].scope = replacement;
            api::Api api = service.api_with(routes);
            ++mutants;
            CHECK_MESSAGE(!holds(service, api, declared[i]), api::template_of(declared[i]),
                          " with the scope '", replacement, "'");
        }
    }
    MESSAGE(mutants, " mutants of scopes");
    CHECK(mutants > 0);
}
