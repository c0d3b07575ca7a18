#include "adapters/postgres/shared_freshness.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <new>
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

/// Who asks about one tenant.
struct Readers {
    std::vector<Reader> waiting;
    std::size_t under_way = 0;
    /// Nobody waits long for a reading that hangs.
    std::unique_ptr<asio::steady_timer> alarm;
};

}  // namespace

struct SharedFreshness::State : std::enable_shared_from_this<State> {
    State(Pool& of_reads, std::chrono::milliseconds wait) : pool(of_reads), longest_wait(wait) {}

    void join(const Uuid& tenant, Reader reader) {
        const asio::any_io_executor home = reader.home;
        const std::lock_guard lock(mutex);
        Readers& asking = readers[tenant];
        asking.waiting.push_back(std::move(reader));
        if (asking.waiting.size() > 1) return;
        if (asking.under_way > 0) {
            watch(asking, tenant, home);
        } else {
            // Behind whatever this turn of the loop has to do yet.
            asio::post(home, [self = shared_from_this(), tenant, home] { self->depart(tenant, home); });
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
        std::vector<Reader> leaving;
        {
            const std::lock_guard lock(mutex);
            const auto asking = readers.find(tenant);
            if (asking == readers.end() || asking->second.waiting.empty()) return;
            leaving = std::exchange(asking->second.waiting, {});
            asking->second.alarm.reset();
            ++asking->second.under_way;
        }
        asio::co_spawn(carrier, carry(shared_from_this(), tenant, std::move(leaving)), asio::detached);
    }

    static Task<void> carry(std::shared_ptr<State> self, Uuid tenant, std::vector<Reader> leaving) {
        const Told told = co_await self->told_of(tenant);
        if (const auto next = self->come_back(tenant)) self->depart(tenant, *next);
        Answers<Told> answers;
        for (Reader& reader : leaving) {
            answers.add(std::move(reader), told);
        }
        answers.send();
    }

    /// Whose loop reads for those who wait, if anybody does.
    std::optional<asio::any_io_executor> come_back(const Uuid& tenant) {
        const std::lock_guard lock(mutex);
        const auto asking = readers.find(tenant);
        --asking->second.under_way;
        if (!asking->second.waiting.empty()) return asking->second.waiting.front().home;
        if (asking->second.under_way == 0) readers.erase(asking);
        return std::nullopt;
    }

    /// Fails only by its value: nobody would answer the readers of a reading that was thrown out of.
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
    std::unordered_map<Uuid, Readers> readers;
};

SharedFreshness::SharedFreshness(Pool& pool, std::chrono::milliseconds longest_wait)
    : state_(std::make_shared<State>(pool, longest_wait)) {}

Task<Result<std::vector<Freshness>>> SharedFreshness::read(Uuid tenant) {
    const Told told = co_await wait_as_reader<Told>(
        [state = state_, tenant](Reader reader) { state->join(tenant, std::move(reader)); });
    co_return *told;
}

}  // namespace tributary::postgres
