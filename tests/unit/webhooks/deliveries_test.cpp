#include "services/webhooks/deliveries.hpp"

#include <doctest/doctest.h>
#include <spdlog/logger.h>

#include <boost/asio/io_context.hpp>
#include <set>

#include "adapters/upvest/provider.hpp"
#include "adapters/upvest/verify_keys.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/support/run_task.hpp"
#include "vector.hpp"

using namespace tributary;
using namespace tributary::webhooks;
using namespace std::chrono_literals;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using namespace domain::ports;

namespace {

constexpr domain::Timestamp signed_at{1'735'689'600s};
constexpr auto known_connection = "0190d0c0-0000-7000-8000-000000000001";

class FixedClock final : public Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return signed_at; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(std::chrono::hours(100)) + passed;
    }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration /*duration*/) override {
        co_return Result<void>();
    }

    std::chrono::minutes passed{0};
};

/// Knows one connection and keeps what is received.
class MemoryInbox final : public WebhookStore {
  public:
    Task<Result<WebhookTarget>> webhook_target(Uuid connection) override {
        ++looked_up;
        if (away) co_return domain::fail(Errc::unavailable, "The database is away.");
        if (to_text(connection) != known_connection) co_return domain::fail(Errc::not_found, "none");
        WebhookTarget target;
        target.connection.id = connection;
        target.connection.provider = provider;
        co_return target;
    }

    Task<Result<InboxReceipt>> receive_events(Uuid, Uuid, std::vector<InboxEvent> events) override {
        received = std::move(events);
        co_return InboxReceipt{received.size(), 0, 0};
    }

    Task<Result<std::optional<ClaimedInbox>>> claim_inbox(Uuid, std::chrono::seconds) override {
        co_return std::nullopt;
    }

    Task<Result<std::vector<InboxEvent>>> waiting_events(Uuid, Uuid, std::size_t) override {
        co_return std::vector<InboxEvent>();
    }

    Task<Result<void>> release_inbox(Uuid, Lease, std::chrono::seconds) override { co_return Result<void>(); }

    Task<Result<InboxView>> inbox(Uuid, Uuid) override { co_return InboxView(); }

    Task<Result<std::size_t>> drop_settled_events(std::chrono::seconds) override { co_return std::size_t{0}; }

    bool away = false;
    std::string provider = "upvest";
    int looked_up = 0;
    std::vector<InboxEvent> received;
};

struct Door {
    Door() {
        providers.add(upvest::make_provider());
        DeliveryTools tools{store, providers, ring, clock, log};
        tools.wake = [this] { ++woken; };
        deliveries.emplace(std::move(tools));
    }

    Task<Result<Proofs>> proofs() {
        ++asked;
        if (refuses) co_return domain::fail(Errc::unavailable, "The provider is away.");
        co_return Proofs{upvest::read_verify_keys(tests::vector_jwks()).value(), subscriptions};
    }

    std::string take(HttpRequest delivery, DeliveryAddress address = {"upvest", known_connection}) {
        const auto receipt = tests::run_task(io, deliveries->take(std::move(address), std::move(delivery)));
        return receipt ? "taken" : std::string(name_of(receipt.error().code));
    }

    /// That of the vector's event.
    std::set<std::string> subscriptions{"9df39835-be87-4243-9018-f2500b39cee6"};
    bool refuses = false;
    int asked = 0;
    boost::asio::io_context io;
    FixedClock clock;
    MemoryInbox store;
    sync::Providers providers;
    std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test");
    KeyRing ring{io.get_executor(), clock, [this](WebhookTarget) { return proofs(); }, log};
    std::optional<Deliveries> deliveries;
    int woken = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Door, "a delivery that proves itself is stored, and whoever applies is woken") {
    CHECK(take(tests::vector_delivery()) == "taken");
    CHECK(woken == 1);
    REQUIRE(store.received.size() == 1);
    const InboxEvent& event = store.received.front();
    CHECK(event.id == "72da9e41-9926-419f-976e-4c8069a04249");
    CHECK(event.state == "waiting");
    CHECK(event.stream == "account_groups");
    CHECK(event.happened_at == signed_at);
}

TEST_CASE_FIXTURE(Door, "whatever is not proved is refused in one and the same way") {
    const HttpRequest delivery = tests::vector_delivery();
    HttpRequest tampered = delivery;
    tampered.body += " ";
    CHECK(take(tampered) == "unauthenticated");
    CHECK(take(delivery, {"upvest", "0190d0c0-0000-7000-8000-000000000002"}) == "unauthenticated");
    CHECK(take(delivery, {"upvest", "no id"}) == "unauthenticated");
    CHECK(take(delivery, {"tdx", known_connection}) == "unauthenticated");
    CHECK(take(delivery, {"nobody", known_connection}) == "unauthenticated");
    store.provider = "tdx";
    CHECK(take(delivery) == "unauthenticated");
    CHECK(store.received.empty());
    CHECK(woken == 0);
}

TEST_CASE_FIXTURE(Door, "what carries no signature costs no look into the store") {
    HttpRequest bare = tests::vector_delivery();
    bare.fields = {};
    CHECK(take(bare) == "invalid_input");
    CHECK_FALSE(deliveries->admit("upvest", bare));
    CHECK(deliveries->admit("upvest", tests::vector_delivery()));
    CHECK(store.looked_up == 0);
}

TEST_CASE_FIXTURE(Door, "a store that is away is told as such: the provider comes again") {
    store.away = true;
    CHECK(take(tests::vector_delivery()) == "unavailable");
}

TEST_CASE_FIXTURE(Door, "an event of a foreign subscription leaves nothing but its poison") {
    const std::set<std::string> own = std::exchange(subscriptions, {"another"});
    CHECK(take(tests::vector_delivery()) == "taken");
    REQUIRE(store.received.size() == 1);
    const InboxEvent foreign = store.received.front();
    CHECK(foreign.state == "poison");
    CHECK(foreign.reason == "The event belongs to a subscription that is not this connection's.");
    CHECK(foreign.payload == "null");
    CHECK(foreign.stream.empty());
    CHECK(foreign.object_id.empty());
    // An event of ours may bear the same id, and must not meet it in the inbox.
    CHECK(foreign.id.starts_with("sha256:"));
    CHECK(asked == 1);

    subscriptions = own;
    clock.passed += 2min;
    CHECK(take(tests::vector_delivery()) == "taken");
    CHECK(store.received.front().state == "waiting");
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Door, "a delivery is refused while nobody can tell whose subscription it is of") {
    const std::set<std::string> own = std::exchange(subscriptions, {"another"});
    CHECK(take(tests::vector_delivery()) == "taken");
    store.received.clear();
    refuses = true;
    clock.passed += 2min;
    CHECK(take(tests::vector_delivery()) == "unauthenticated");
    CHECK(store.received.empty());
    // It comes again.
    refuses = false;
    subscriptions = own;
    clock.passed += 2min;
    CHECK(take(tests::vector_delivery()) == "taken");
    REQUIRE(store.received.size() == 1);
    CHECK(store.received.front().state == "waiting");
}

TEST_CASE("an event that names no subscription is nobody's, and its payload is not kept") {
    WebhookEvent event;
    event.meaning = WebhookEvent::Meaning::snapshot;
    event.id = "e";
    event.stream = "users";
    event.object_id = "u";
    event.payload = R"({"name":"Ada"})";
    const InboxEvent stored = disowned_form(event, signed_at);
    CHECK(stored.state == "poison");
    CHECK(stored.payload == "null");
    CHECK(stored.stream.empty());
    CHECK_FALSE(stored.reason.empty());
    event.meaning = WebhookEvent::Meaning::poison;
    event.reason = "Unreadable.";
    CHECK(disowned_form(event, signed_at).reason == "Unreadable.");
}
