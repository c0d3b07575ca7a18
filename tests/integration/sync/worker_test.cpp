// Workers of several replicas on one database.

#include "services/sync/worker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include "adapters/postgres/transaction.hpp"
#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Uuid;
using domain::ports::RunView;
using domain::ports::Task;

namespace {

struct ReplicaFixture : RunFixture {
    ReplicaFixture() {
        script.listed = {"k1", "k2", "k3", "k4", "k5"};
        script.paging = domain::ports::Paging::cursor;
        script.page_limit = 2;
        good(store.pool().run({}, [this](postgres::Transaction& tx) {
            tx.exec("UPDATE due_queue SET due_at = NULL WHERE tenant_id <> $1", tenant);
        }));
    }

    sync::WorkerOptions options(const std::string& name, std::size_t runs) const {
        sync::WorkerOptions made;
        made.provider = "upvest";
        made.owner = id_of(name);
        made.concurrent_runs = runs;
        made.longest_idle = std::chrono::milliseconds(20);
        return made;
    }

    [[nodiscard]] std::string open_runs() const {
        return value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state IN ('queued', 'running')");
    }
};

/// Asks for the run of each connection while it is under way, a few times; stops the workers once none is
/// open.
Task<void> ask_until_done(ReplicaFixture& fixture, std::vector<Uuid> connections,
                          std::vector<sync::Worker*> workers) {
    auto& store = fixture.store.connections();
    for (int round = 0;; ++round) {
        const auto runs = co_await store.runs(fixture.tenant, {std::nullopt, std::nullopt, 1'000});
        const auto is_open = [](const RunView& run) {
            return run.state == "queued" || run.state == "running";
        };
        if (!runs || std::ranges::none_of(*runs, is_open)) {
            break;
        }
        for (const Uuid& id : round < 3 ? connections : std::vector<Uuid>{}) {
            const auto joined = co_await store.request_run(fixture.tenant, id, "manual");
            CHECK(joined.has_value());
        }
    }
    for (sync::Worker* worker : workers) {
        worker->stop();
    }
}

}  // namespace

TEST_CASE_FIXTURE(ReplicaFixture, "two replicas share the work and never run one connection twice at once") {
    constexpr std::size_t count = 30;
    std::vector<Uuid> connections{connection.id};
    for (std::size_t i = 1; i < count; ++i) {
        connections.push_back(connect("c" + std::to_string(i)).id);
    }
    boost::asio::io_context io;
    sync::Worker one(io.get_executor(), tools(), options("one", 4));
    sync::Worker two(io.get_executor(), tools(), options("two", 4));
    const auto rethrow = [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    };
    boost::asio::co_spawn(io, one.run(), rethrow);
    boost::asio::co_spawn(io, two.run(), rethrow);
    boost::asio::co_spawn(io, ask_until_done(*this, connections, {&one, &two}), rethrow);
    io.run();

    CHECK(script.most_open == 1);
    CHECK(script.open.size() == count);
    const std::string runs = value("SELECT count(*) FROM runs WHERE tenant_id = $T");
    CHECK(std::stoul(runs) >= count);
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state = 'succeeded'") == runs);
    // Each run asked for three pages, so none was begun twice.
    CHECK(script.asked.size() == 3 * std::stoul(runs));
    CHECK(live() == std::to_string(5 * count));
    CHECK(value("SELECT count(*) FROM due_queue WHERE tenant_id = $T AND lease_owner IS NULL AND due_at > "
                "now()") == std::to_string(count));
}

TEST_CASE_FIXTURE(ReplicaFixture, "a worker that stops leaves its run to the next, which goes on with it") {
    boost::asio::io_context io;
    sync::Worker first(io.get_executor(), tools(), options("first", 1));
    script.refuses_page = [&](const domain::ports::PageRequest&) {
        if (script.asked.size() == 2) first.stop();
        return std::nullopt;
    };
    boost::asio::co_spawn(io, first.run(), [](std::exception_ptr) {});
    io.run();
    CHECK(open_runs() == "1");
    CHECK(script.asked.size() == 2);

    sync::Worker second(io.get_executor(), tools(), options("second", 1));
    io.restart();
    boost::asio::co_spawn(io, second.run(), [](std::exception_ptr) {});
    boost::asio::co_spawn(io, ask_until_done(*this, {}, {&second}), [](std::exception_ptr) {});
    io.run();
    CHECK(script.asked == std::vector<std::string>{"accounts", "accounts after k2", "accounts after k4"});
    CHECK(live() == "5");
}

TEST_CASE_FIXTURE(ReplicaFixture, "a worker claims no more than it may run at once") {
    for (int i = 1; i < 5; ++i) {
        connect("c" + std::to_string(i));
    }
    std::size_t most = 0;
    boost::asio::io_context io;
    sync::Worker worker(io.get_executor(), tools(), options("one", 2));
    script.refuses_page = [&](const domain::ports::PageRequest&) {
        most = std::max(most, std::stoul(value("SELECT count(*) FROM due_queue WHERE tenant_id = $T AND "
                                               "lease_owner IS NOT NULL")));
        return std::nullopt;
    };
    boost::asio::co_spawn(io, worker.run(), [](std::exception_ptr) {});
    boost::asio::co_spawn(io, ask_until_done(*this, {}, {&worker}), [](std::exception_ptr) {});
    io.run();
    CHECK(most >= 1);
    CHECK(most <= 2);
    CHECK(live() == "25");
}
