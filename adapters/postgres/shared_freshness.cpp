#include "adapters/postgres/shared_freshness.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>

#include "adapters/postgres/reads.hpp"
#include "adapters/postgres/waiting_readers.hpp"

namespace tributary::postgres {

namespace asio = boost::asio;
using domain::Result;
using domain::Uuid;
using domain::ports::Freshness;
using domain::ports::Task;

namespace {

using Told = std::shared_ptr<const Result<std::vector<Freshness>>>;
using Reader = WaitingReader<Told>;

/// So many readings of one tenant are under way at most; further ones are worth nothing to a database that
/// hangs.
constexpr std::size_t most_under_way = 4;

/// Who asks about one tenant.
struct Readers {
    std::vector<Reader> waiting;
    /// By the number of their reading.
    std::unordered_map<std::uint64_t, std::vector<Reader>> under_way;
    /// Nobody waits long for a reading that hangs.
    std::unique_ptr<asio::steady_timer> alarm;
};

}  // namespace

/// Holds all readers, so that whoever ends it ends them while their loops live: a reading, which belongs to
/// one loop, may have readers of others.
struct SharedFreshness::State : std::enable_shared_from_this<State> {
    State(Pool& of_reads, std::chrono::milliseconds wait) : pool(of_reads), longest_wait(wait) {}

    void join(const Uuid& tenant, Reader reader) {
        const asio::any_io_executor home = reader.home;
        const std::lock_guard lock(mutex);
        Readers& asking = readers[tenant];
        asking.waiting.push_back(std::move(reader));
        if (asking.waiting.size() > 1) return;
        if (asking.under_way.empty()) {
            // Behind whatever this turn of the loop has to do yet.
            asio::post(home, [self = shared_from_this(), tenant, home] { self->depart(tenant, home); });
        } else {
            watch(asking, tenant, home);
        }
    }

    /// Under the mutex.
    void watch(Readers& asking, const Uuid& tenant, const asio::any_io_executor& home) {
        asking.alarm = std::make_unique<asio::steady_timer>(home, longest_wait);
        asking.alarm->async_wait(
            [self = shared_from_this(), tenant, home](const boost::system::error_code& left) {
                if (!left) self->depart(tenant, home);
            });
    }

    /// Reads for all who wait, if anybody still does.
    void depart(const Uuid& tenant, const asio::any_io_executor& carrier) {
        std::uint64_t number = 0;
        {
            const std::lock_guard lock(mutex);
            const auto asking = readers.find(tenant);
            if (asking == readers.end() || asking->second.waiting.empty() ||
                asking->second.under_way.size() == most_under_way) {
                return;
            }
            number = ++last_number;
            std::swap(asking->second.under_way[number], asking->second.waiting);
            asking->second.alarm.reset();
        }
        // What throws here ends the loop, and so the service: better than readers whom nobody answers.
        asio::co_spawn(carrier, carry(shared_from_this(), tenant, number),
                       [](const std::exception_ptr& thrown) {
                           if (thrown) std::rethrow_exception(thrown);
                       });
    }

    static Task<void> carry(std::shared_ptr<State> self, Uuid tenant, std::uint64_t number) {
        const Told told = co_await self->told_of(tenant);
        std::optional<asio::any_io_executor> next;
        Answers<Told> answers;
        for (Reader& reader : self->come_back(tenant, number, next)) {
            answers.add(std::move(reader), told);
        }
        answers.send();
        if (next) self->depart(tenant, *next);
    }

    /// The readers of that reading. `next`: whose loop reads for those who wait, if anybody does.
    std::vector<Reader> come_back(const Uuid& tenant, std::uint64_t number,
                                  std::optional<asio::any_io_executor>& next) {
        const std::lock_guard lock(mutex);
        const auto asking = readers.find(tenant);
        if (asking == readers.end()) return {};
        auto back = asking->second.under_way.extract(number);
        if (!asking->second.waiting.empty()) {
            next = asking->second.waiting.front().home;
        } else if (asking->second.under_way.empty()) {
            readers.erase(asking);
        }
        return back.empty() ? std::vector<Reader>() : std::move(back.mapped());
    }

    /// Nobody is told anything any more. While the loops of the readers live.
    void end() {
        std::unordered_map<Uuid, Readers> all;
        const std::lock_guard lock(mutex);
        all.swap(readers);
    }

    /// Fails only by its value.
    Task<Told> told_of(Uuid tenant) {
        try {
            co_return std::make_shared<Result<std::vector<Freshness>>>(
                co_await pool.run({.tenant = tenant, .keyed = true, .alone = true},
                                  [](Transaction& tx) { return read_freshness(tx, std::nullopt); }));
        } catch (const std::bad_alloc&) {
            co_return std::make_shared<Result<std::vector<Freshness>>>(
                domain::fail(domain::Errc::unavailable, "memory is short; try again in a moment"));
        }
    }

    Pool& pool;
    const std::chrono::milliseconds longest_wait;
    std::mutex mutex;
    std::uint64_t last_number = 0;
    std::unordered_map<Uuid, Readers> readers;
};

SharedFreshness::SharedFreshness(Pool& pool, std::chrono::milliseconds longest_wait)
    : state_(std::make_shared<State>(pool, longest_wait)) {}

SharedFreshness::~SharedFreshness() {
    state_->end();
}

Task<Result<std::vector<Freshness>>> SharedFreshness::read(Uuid tenant) {
    const Told told = co_await wait_as_reader<Told>(
        [state = state_, tenant](Reader reader) { state->join(tenant, std::move(reader)); });
    co_return *told;
}

}  // namespace tributary::postgres
