// Brings sources up to date for readers who want them fresher than they are. What several of them want is
// done once; a reader who leaves cancels nothing.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "domain/ports/object_read_store.hpp"
#include "services/refresh/demand.hpp"
#include "services/sync/tools.hpp"

namespace tributary::refresh {

/// What refreshing takes; the references are borrowed and outlive the refresher.
struct RefreshTools {
    /// What sessions and runs are given; asked for where the work is done.
    std::function<sync::SyncTools()> sync;
    domain::ports::ObjectReadStore& reads;
    const sync::Providers& providers;
    domain::ports::Clock& clock;
    std::function<domain::Uuid()> new_id;
    /// A connection is due now. Thread-safe; may be empty.
    std::function<void()> wake;
    std::shared_ptr<spdlog::logger> log;
};

/// Thread-safe: request threads ask, one thread works. Outlives all tasks and both sides' last turn.
class Refresher final : public Refreshing {
  public:
    /// `working` is where providers are asked.
    Refresher(boost::asio::any_io_executor working, RefreshTools tools);

    /// A connection whose refreshing failed, or whose run ended partial, is left alone for five seconds. No
    /// more than 128 pieces of work are under way, 32 of them of one tenant, and 24 single reads of one
    /// connection: a slow provider's readers leave room for its run and for other connections, and up to
    /// three tenants that want very much leave room for the others. Four of them fill it. A read that
    /// finds no room waits for the run of its connection, where one is under way.
    domain::ports::Task<std::size_t> refresh(Demand demand) override;
    /// Work under way ends soon, and nobody waits for it any more. Thread-safe.
    void stop();

  private:
    /// The single flight: tenant and work.
    using Key = std::pair<domain::Uuid, Work>;
    struct Waiter;

    struct Flight {
        std::vector<std::shared_ptr<Waiter>> waiters = {};
    };

    /// What of it has to be begun; the waiter waits for all. No waiter: whoever asks does not wait.
    std::vector<Work> join(const Demand& demand, const std::shared_ptr<Waiter>& waiter);
    /// Under the mutex: whether there is room for one more piece of work.
    [[nodiscard]] bool has_room(const Key& key) const;
    /// Nothing wakes the waiter from now on. Returns how much had ended.
    std::size_t leave(const std::shared_ptr<Waiter>& waiter);
    void begin(Key key, domain::Timestamp not_before);
    /// True where it ended well.
    domain::ports::Task<bool> fly(Key key, domain::Timestamp not_before);
    domain::ports::Task<domain::Result<void>> read_object(const sync::SyncTools& tools, Key key,
                                                          domain::Timestamp not_before);
    domain::ports::Task<domain::Result<void>> run_connection(const sync::SyncTools& tools, Key key) const;
    void land(const Key& key, bool well);
    static void wake(const std::vector<std::shared_ptr<Waiter>>& waiters);

    boost::asio::any_io_executor working_;
    RefreshTools tools_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::map<Key, Flight> flights_;
    /// By tenant and connection.
    std::map<std::pair<domain::Uuid, domain::Uuid>, std::chrono::steady_clock::time_point> alone_until_;
};

}  // namespace tributary::refresh
