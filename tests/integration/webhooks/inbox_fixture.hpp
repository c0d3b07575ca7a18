// One connection to Upvest over a real store, with events that a test makes up and polls that it commits by
// hand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "adapters/system/system_clock.hpp"
#include "services/sync/providers.hpp"
#include "services/webhooks/applier.hpp"
#include "services/webhooks/deliveries.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// Hashes and nothing else.
class PlainSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) override;
    [[nodiscard]] domain::Result<std::string> open(std::string_view sealed,
                                                   std::string_view context) const override;
    [[nodiscard]] std::string fingerprint(std::string_view purpose, std::string_view text) const override;
};

/// An account group as Upvest describes it, at a version: its update time and its number follow from that.
std::string group_object(const std::string& id, int version);
/// {"id", "created_at", "type", "object"}.
std::string event_of(const std::string& event, const std::string& type, const std::string& object);

struct InboxFixture : StoreFixture {
    InboxFixture();

    /// Stores the events as a verified delivery would.
    domain::ports::InboxReceipt deliver(const std::vector<std::string>& events);
    /// Applies whatever waits; returns how many connections were served.
    int apply();
    /// Claims the connection for a run.
    domain::ports::ClaimedRun begin_poll();
    /// Commits a page of groups under the run's lease.
    domain::Result<void> commit_poll(const domain::ports::ClaimedRun& run,
                                     const std::vector<std::string>& objects);
    void end_poll(const domain::ports::ClaimedRun& run);
    void poll(const std::vector<std::string>& objects);

    /// The version of a group as it is stored; -1 where there is none.
    [[nodiscard]] int version_of(const std::string& group) const;
    /// Of all groups.
    [[nodiscard]] std::map<std::string, int> versions() const;
    /// The state of an event; "" where it is unknown.
    [[nodiscard]] std::string state_of(const std::string& event) const;
    [[nodiscard]] domain::ports::InboxView inbox();

    system::SystemClock clock;
    PlainSealer sealer;
    sync::Providers providers;
    domain::Uuid connection;
    boost::asio::io_context io;
    webhooks::Applier applier;
};

}  // namespace tributary::tests
