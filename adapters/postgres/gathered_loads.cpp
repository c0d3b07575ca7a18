#include "adapters/postgres/gathered_loads.hpp"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/postgres/loads.hpp"
#include "adapters/postgres/waiting_readers.hpp"

namespace tributary::postgres {

namespace asio = boost::asio;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentLoad;
using domain::ports::Task;

namespace {

using Clock = std::chrono::steady_clock;
using Loaded = std::shared_ptr<Result<DocumentLoad>>;

/// As long as a job of the pool may take: a batch that could not leave by then is refused.
constexpr std::chrono::seconds patience{15};
/// Beyond so many tenants what is told of all their connections is forgotten, and learned again.
constexpr std::size_t most_memories = 1'000;

using Reader = WaitingReader<Loaded>;
using Queries = std::shared_ptr<const std::vector<LoadQuery>>;

struct Batch {
    Uuid tenant;
    /// Of the reader who opened it: its loop carries the batch, so that each carries its own.
    asio::any_io_executor carrier;
    Clock::time_point opened;
    /// While it waits for another one of its tenant.
    std::unique_ptr<asio::steady_timer> alarm;
    std::vector<LoadQuery> queries;
    /// By place in `queries`.
    std::vector<std::vector<Reader>> readers;
    std::unordered_map<Uuid, std::size_t> places;
};

void hand_out(Batch batch, const std::function<Loaded(std::size_t)>& loaded) {
    Answers<Loaded> answers;
    for (std::size_t i = 0; i < batch.queries.size(); ++i) {
        const Loaded load = loaded(i);
        for (Reader& reader : batch.readers[i]) {
            answers.add(std::move(reader), load);
        }
    }
    answers.send();
}

void refuse_all(Batch batch, const domain::Error& error) {
    hand_out(std::move(batch), [&error](std::size_t) {
        return std::make_shared<Result<DocumentLoad>>(std::unexpected(error));
    });
}

}  // namespace

struct GatheredLoads::State : std::enable_shared_from_this<State> {
    State(Pool& of_loads, std::chrono::milliseconds wait) : pool(of_loads), longest_wait(wait) {}

    void join(const Uuid& tenant, const LoadQuery& query, Reader reader) {
        const asio::any_io_executor home = reader.home;
        bool may_leave = false;
        {
            const std::lock_guard lock(mutex);
            Batch& batch = batch_for(tenant, query.id, home, may_leave);
            const auto [place, added] = batch.places.try_emplace(query.id, batch.queries.size());
            if (added) {
                batch.queries.push_back(query);
                batch.readers.emplace_back();
                may_leave |= batch.queries.size() == worth_their_own;
            }
            batch.queries[place->second].is_customer |= query.is_customer;
            batch.readers[place->second].push_back(std::move(reader));
        }
        // Behind whatever this turn of the loop has to do yet.
        if (may_leave) asio::post(home, [self = shared_from_this()] { self->depart(); });
    }

    /// The one that gathers for this tenant. Under the mutex.
    Batch& batch_for(const Uuid& tenant, const Uuid& id, const asio::any_io_executor& home, bool& is_new) {
        for (Batch& batch : gathering) {
            if (batch.tenant == tenant &&
                (batch.queries.size() < most_together || batch.places.contains(id))) {
                return batch;
            }
        }
        is_new = true;
        gathering.push_back({tenant, home, Clock::now(), nullptr, {}, {}, {}});
        if (is_away(tenant)) watch(gathering.back());
        return gathering.back();
    }

    /// Nobody waits long for a batch that hangs.
    void watch(Batch& batch) {
        batch.alarm = std::make_unique<asio::steady_timer>(batch.carrier, longest_wait);
        batch.alarm->async_wait([self = shared_from_this()](const boost::system::error_code& left) {
            if (!left) self->depart();
        });
    }

    /// Sends what may leave, those first who waited longest; who waited too long is refused.
    void depart() {
        const auto now = Clock::now();
        while (auto batch = next_to_leave(now)) {
            if (now - batch->opened > patience) {
                come_back(batch->tenant);
                refuse_all(std::move(*batch), {domain::Errc::timed_out,
                                               "the database had no time for us; try again in a moment"});
                continue;
            }
            start(std::move(*batch));
        }
    }

    void start(Batch batch) {
        const asio::any_io_executor carrier = batch.carrier;
        const Uuid tenant = batch.tenant;
        auto queries = std::make_shared<const std::vector<LoadQuery>>(batch.queries);
        std::uint64_t number = 0;
        {
            const std::lock_guard lock(mutex);
            number = ++last_number;
            carried.emplace(number, std::move(batch));
        }
        // What throws here ends the loop, and so the service: better than readers whom nobody answers.
        asio::co_spawn(carrier, carry(shared_from_this(), tenant, number, std::move(queries)),
                       [](const std::exception_ptr& thrown) {
                           if (thrown) std::rethrow_exception(thrown);
                       });
    }

    /// One more is under way, until come_back().
    std::optional<Batch> next_to_leave(Clock::time_point now) {
        const std::lock_guard lock(mutex);
        if (under_way.size() == most_under_way) return std::nullopt;
        // Many small ones would cost more than the wait for one that comes back.
        const auto next = std::ranges::find_if(gathering, [&](const Batch& batch) {
            return batch.queries.size() >= worth_their_own || !is_away(batch.tenant) ||
                   now - batch.opened >= longest_wait;
        });
        if (next == gathering.end()) return std::nullopt;
        Batch batch = std::move(*next);
        gathering.erase(next);
        batch.alarm.reset();
        under_way.push_back(batch.tenant);
        return batch;
    }

    /// Whether one of this tenant is under way. Under the mutex.
    [[nodiscard]] bool is_away(const Uuid& tenant) const {
        return std::ranges::find(under_way, tenant) != under_way.end();
    }

    void come_back(const Uuid& tenant) {
        const std::lock_guard lock(mutex);
        under_way.erase(std::ranges::find(under_way, tenant));
    }

    static Task<void> carry(std::shared_ptr<State> self, Uuid tenant, std::uint64_t number, Queries queries) {
        auto loads = co_await self->loaded(tenant, std::move(queries));
        std::optional<Batch> batch = self->unloaded(number);
        self->come_back(tenant);
        if (batch && loads) {
            hand_out(std::move(*batch), [&loads](std::size_t i) {
                return std::make_shared<Result<DocumentLoad>>(std::move((*loads)[i]));
            });
        } else if (batch) {
            refuse_all(std::move(*batch), loads.error());
        }
        self->depart();
    }

    /// Nothing once it has ended.
    std::optional<Batch> unloaded(std::uint64_t number) {
        const std::lock_guard lock(mutex);
        auto found = carried.extract(number);
        return found.empty() ? std::nullopt : std::optional(std::move(found.mapped()));
    }

    /// Nobody is told anything any more. While the loops of the readers live.
    void end() {
        std::deque<Batch> waiting;
        std::unordered_map<std::uint64_t, Batch> away;
        const std::lock_guard lock(mutex);
        waiting.swap(gathering);
        away.swap(carried);
    }

    /// Fails only by its value.
    Task<Result<std::vector<DocumentLoad>>> loaded(Uuid tenant, Queries queries) {
        try {
            const auto memory = memory_of(tenant);
            auto known = co_await pool.run(
                {.tenant = tenant, .keyed = true, .alone = true},
                [memory, queries](Transaction& tx) { return load_known(tx, *queries, *memory); });
            if (!known) co_return std::unexpected(std::move(known).error());
            if (*known) co_return std::move(**known);
            co_return co_await pool.run(
                {.tenant = tenant, .snapshot = true, .keyed = true},
                [memory, queries](Transaction& tx) { return load_documents(tx, *queries, *memory); });
        } catch (const std::bad_alloc&) {
            co_return domain::fail(domain::Errc::unavailable, "memory is short; try again in a moment");
        }
    }

    std::shared_ptr<FreshnessMemory> memory_of(const Uuid& tenant) {
        const std::lock_guard lock(mutex);
        if (memories.size() >= most_memories) memories.clear();
        auto& memory = memories[tenant];
        if (!memory) memory = std::make_shared<FreshnessMemory>();
        return memory;
    }

    Pool& pool;
    std::mutex mutex;
    std::deque<Batch> gathering;
    /// Of whom each batch is that is with the database.
    std::vector<Uuid> under_way;
    /// Those, by number. A batch is not its coroutine's, which belongs to one loop: it may have readers of
    /// others, and whoever ends them does it while their loops live.
    std::unordered_map<std::uint64_t, Batch> carried;
    std::uint64_t last_number = 0;
    const std::chrono::milliseconds longest_wait;
    std::unordered_map<Uuid, std::shared_ptr<FreshnessMemory>> memories;
};

GatheredLoads::GatheredLoads(Pool& pool, std::chrono::milliseconds longest_wait)
    : state_(std::make_shared<State>(pool, longest_wait)) {}

GatheredLoads::~GatheredLoads() {
    state_->end();
}

Task<Result<DocumentLoad>> GatheredLoads::load(Uuid tenant, EntityKind kind, Uuid id) {
    const LoadQuery query{id, kind == EntityKind::customer};
    const Loaded loaded = co_await wait_as_reader<Loaded>(
        [state = state_, tenant, query](Reader reader) { state->join(tenant, query, std::move(reader)); });
    Result<DocumentLoad> load = *loaded;
    if (load && load->document && load->document->kind != kind) load->document.reset();
    if (load && kind != EntityKind::customer) load->redirect_to.reset();
    co_return load;
}

}  // namespace tributary::postgres
