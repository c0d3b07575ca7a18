// A tenant with one connection to a bank that takes changes, walked once, and a worker that carries them out.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "adapters/system/system_clock.hpp"
#include "changing_bank.hpp"
#include "services/actions/worker.hpp"
#include "services/sync/run.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

struct ActionFixture : StoreFixture {
    ActionFixture();

    /// Asks for a run, performs it and closes it.
    void walk();
    /// Our ids of what the bank has.
    [[nodiscard]] domain::Uuid profile() const;
    [[nodiscard]] domain::Uuid group(const std::string& key = "g1") const;

    /// An order as the API would store it; its key is its name.
    domain::ports::NewAction order(const std::string& name, domain::ports::ActionKind kind,
                                   const json::Object& arguments = {});
    domain::Uuid begin(const domain::ports::NewAction& action);
    /// A change of language, begun.
    domain::Uuid begin_language(const std::string& name, const std::string& language);
    domain::Uuid begin_close(const std::string& name);

    sync::SyncTools sync_tools();
    actions::ActionTools tools();
    /// Has one action carried out by a worker of its own; says whether one was due.
    bool work();
    /// The same until none is due.
    void work_off();
    domain::ports::ActionView action(const domain::Uuid& id);
    domain::ports::ClaimedAction claim_action(std::chrono::seconds lasts = std::chrono::seconds(60));

    /// Time passes: leases end, and what was put off is due.
    void let_leases_end() const;
    void let_pauses_pass() const;
    /// The action was asked for, and sent, so much earlier.
    void let_pass(const domain::Uuid& id, const std::string& interval) const;
    /// Seconds until it is due.
    [[nodiscard]] std::string due_in(const domain::Uuid& id) const;
    /// What the document of the profile's customer and of the group say.
    [[nodiscard]] std::string stored_language() const;
    [[nodiscard]] std::string stored_status() const;

    ChangingBank bank;
    system::SystemClock clock;
    sync::Providers providers;
    std::unique_ptr<domain::ports::Sealer> sealer;
    std::unique_ptr<domain::ports::HttpTransport> transport;
    actions::Patience patience{.quiet = std::chrono::seconds(0)};
    domain::ports::ConnectionView connection;
    /// What the worker was told of: "put_preferences succeeded".
    std::vector<std::string> ended;
};

}  // namespace tributary::tests
