#include "adapters/postgres/replica_link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "adapters/postgres/budgets.hpp"
#include "adapters/postgres/compat.hpp"
#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/feed_announcement.hpp"
#include "adapters/postgres/shared_feed_signal.hpp"

namespace tributary::postgres {

using domain::ports::BudgetKey;

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5'000};
/// A server that vanished without a word is noticed by asking it something, and by what we send being
/// acknowledged in time or not.
constexpr std::chrono::seconds ask_every{15};
constexpr unsigned acknowledged_within_ms = 10'000;
/// A NOTIFY takes a lock of the whole server until its commit is done, so that all who notify queue up. Hence
/// never in a transaction that does anything else, never waiting for the disk, and not often.
constexpr std::chrono::milliseconds announce_every{20};
constexpr auto no_wait_for_disk = "SET synchronous_commit = off; SET statement_timeout = '5s'";
constexpr auto announce = "SELECT pg_notify($1, $2)";

}  // namespace

class ReplicaLink::Impl {
  public:
    Impl(std::string url, BlockHearer hearer, SharedFeedSignal* feed)
        : url_(with_defaults(url)), hearer_(std::move(hearer)), feed_(feed), thread_([this] { run(); }) {}

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            if (socket_ >= 0) {
                ::shutdown(socket_, SHUT_RDWR);
            }
        }
        stopped_.notify_all();
        thread_.join();
    }

    [[nodiscard]] bool listening() const { return listening_; }

  private:
    using Clock = std::chrono::steady_clock;

    void run() {
        std::chrono::milliseconds pause{0};
        while (!stopping()) {
            try {
                listen(pause);
            } catch (const std::exception&) {
                // Whatever it was, the next connection starts afresh; the pool's jobs tell what is wrong.
                listening_ = false;
            }
            pause = std::clamp(pause * 2, first_pause, longest_pause);
            std::unique_lock lock(mutex_);
            socket_ = -1;
            stopped_.wait_for(lock, pause, [this] { return stopping_; });
        }
    }

    /// Until the connection is lost, which is an exception, or the link ends.
    void listen(std::chrono::milliseconds& pause) {
        pqxx::connection connection(url_);
        if (!keep_socket(connection.sock())) {
            return;
        }
        // A Unix socket has no such option and needs none.
        ::setsockopt(connection.sock(), IPPROTO_TCP, TCP_USER_TIMEOUT, &acknowledged_within_ms,
                     sizeof acknowledged_within_ms);
        const compat::Subscription subscription(connection, block_channel, [this](const std::string& text) {
            if (const auto block = parse_announcement(text)) {
                hearer_.blocked(*block);
            }
        });
        std::optional<compat::Subscription> moves;
        if (feed_ != nullptr) {
            moves.emplace(connection, feed_channel, [this](const std::string& text) { feed_->heard(text); });
            run_alone(connection, no_wait_for_disk);
        }
        read_missed(connection);
        if (feed_ != nullptr) feed_->missed_some();
        listening_ = true;
        pause = std::chrono::milliseconds(0);
        auto ask_at = Clock::now() + ask_every;
        while (!stopping()) {
            announce_moves(connection);
            // Also what came along with the answer to a statement.
            if (connection.get_notifs() > 0) {
                ask_at = Clock::now() + ask_every;
            } else if (Clock::now() >= ask_at) {
                run_alone(connection, "SELECT 1");
                ask_at = Clock::now() + ask_every;
            } else {
                wait_for_work(connection.sock(), ask_at);
            }
        }
    }

    static void run_alone(pqxx::connection& connection, const char* sql) {
        pqxx::nontransaction alone(connection);
        alone.exec(sql);
    }

    void announce_moves(pqxx::connection& connection) {
        if (feed_ == nullptr || Clock::now() < announce_at_) {
            return;
        }
        const std::string moves = feed_->outbox().take();
        if (!moves.empty()) {
            announce_at_ = Clock::now() + announce_every;
            pqxx::nontransaction alone(connection);
            compat::exec(alone, announce, {feed_channel, moves});
        }
    }

    /// Until something can be read, or is to be announced and may be, or `ask_at`.
    void wait_for_work(int socket, Clock::time_point ask_at) const {
        const auto now = Clock::now();
        const bool waits_to_announce = feed_ != nullptr && now < announce_at_;
        const bool looks_at_outbox = feed_ != nullptr && !waits_to_announce;
        pollfd wanted[] = {{socket, POLLIN, 0},
                           {looks_at_outbox ? feed_->outbox().descriptor() : -1, POLLIN, 0}};
        const auto until = waits_to_announce ? std::min(ask_at, announce_at_) : ask_at;
        const auto patience = std::chrono::ceil<std::chrono::milliseconds>(until - now);
        ::poll(wanted, 2, static_cast<int>(std::max(patience, std::chrono::milliseconds(0)).count()));
    }

    void read_missed(pqxx::connection& connection) {
        const std::vector<BudgetKey> keys = hearer_.in_use();
        if (keys.empty()) {
            return;
        }
        Transaction tx(connection, Terms{}, std::nullopt);
        for (const BudgetKey& key : keys) {
            tx.use_tenant(key.tenant);
            if (const auto block = read_block(tx, key)) {
                hearer_.blocked(*block);
            }
        }
        tx.commit();
    }

    bool stopping() {
        const std::lock_guard lock(mutex_);
        return stopping_;
    }

    /// False where the link ends meanwhile.
    bool keep_socket(int socket) {
        const std::lock_guard lock(mutex_);
        socket_ = socket;
        return !stopping_;
    }

    const std::string url_;
    const BlockHearer hearer_;
    SharedFeedSignal* const feed_;
    /// On the thread only.
    Clock::time_point announce_at_{};
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    int socket_ = -1;
    std::atomic<bool> listening_ = false;
    /// Last: it uses all of the above.
    std::thread thread_;
};

ReplicaLink::ReplicaLink(std::string url, BlockHearer hearer, SharedFeedSignal* feed)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(hearer), feed)) {}

ReplicaLink::~ReplicaLink() = default;

bool ReplicaLink::listening() const {
    return impl_->listening();
}

}  // namespace tributary::postgres
