#include "adapters/postgres/block_listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "adapters/postgres/budgets.hpp"
#include "adapters/postgres/compat.hpp"
#include "adapters/postgres/conninfo.hpp"

namespace tributary::postgres {

using domain::ports::BudgetKey;

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5'000};
/// A server that vanished without a word is noticed by asking it something, and by what we send being
/// acknowledged in time or not.
constexpr long ask_every_seconds = 15;
constexpr unsigned acknowledged_within_ms = 10'000;

}  // namespace

class BlockListener::Impl {
  public:
    Impl(std::string url, BlockHearer hearer)
        : url_(with_defaults(url)), hearer_(std::move(hearer)), thread_([this] { run(); }) {}

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

    /// Until the connection is lost, which is an exception, or the listener stops.
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
        read_missed(connection);
        listening_ = true;
        pause = std::chrono::milliseconds(0);
        while (!stopping()) {
            if (connection.await_notification(ask_every_seconds, 0) == 0) {
                pqxx::nontransaction question(connection);
                question.exec("SELECT 1");
            }
        }
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

    /// False where the listener stops meanwhile.
    bool keep_socket(int socket) {
        const std::lock_guard lock(mutex_);
        socket_ = socket;
        return !stopping_;
    }

    const std::string url_;
    const BlockHearer hearer_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    int socket_ = -1;
    std::atomic<bool> listening_ = false;
    /// Last: it uses all of the above.
    std::thread thread_;
};

BlockListener::BlockListener(std::string url, BlockHearer hearer)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(hearer))) {}

BlockListener::~BlockListener() = default;

bool BlockListener::listening() const {
    return impl_->listening();
}

}  // namespace tributary::postgres
