// A provider whose accounts can be read by themselves, as slowly as a test wants, and a tenant connected to
// it over a real store.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/system/system_clock.hpp"
#include "domain/ports/provider.hpp"
#include "services/refresh/refresher.hpp"
#include "services/sync/run.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// What the bank knows and does. Outlives its sessions.
struct Bank {
    struct Account {
        std::string name;
        std::optional<domain::Timestamp> updated_at;
    };

    std::map<std::string, Account> accounts;
    /// Keys in the order in which they were read by themselves.
    std::vector<std::string> reads;
    std::chrono::milliseconds delay{0};
    /// Every page names a next one, and it is the same: the second ends the walk before its end.
    bool goes_in_circles = false;
    /// What a read is refused with, after the delay.
    std::optional<domain::Errc> refuses;
    /// Runs after the bank has seen its accounts and before it answers a read; may be empty.
    std::function<domain::ports::Task<void>()> before_answer;
};

/// A tenant with one connection to the bank, walked once.
struct BankFixture : StoreFixture {
    BankFixture();

    /// Asks for a run, performs it and closes it.
    void walk();
    /// Of an account: as stored, by its key.
    [[nodiscard]] domain::Uuid id_of_account(const std::string& key) const;
    [[nodiscard]] domain::ports::ObjectKey key_of(const std::string& key) const;
    [[nodiscard]] std::string stored_name(const std::string& key) const;
    [[nodiscard]] std::string runs(const std::string& state) const;
    sync::SyncTools tools();
    std::unique_ptr<refresh::Refresher> replica();
    /// For one account, to be fetched from now on.
    [[nodiscard]] refresh::Demand demand(const std::string& key, std::chrono::milliseconds wait);

    Bank bank;
    system::SystemClock clock;
    boost::asio::io_context io;
    domain::ports::ConnectionView connection;
    sync::Providers providers;
    std::unique_ptr<domain::ports::Sealer> sealer;
    std::unique_ptr<domain::ports::HttpTransport> transport;
    std::unique_ptr<refresh::Refresher> refresher;
};

}  // namespace tributary::tests
