#include "adapters/postgres/gathered_loads.hpp"

#include <doctest/doctest.h>

#include "event_loop.hpp"
#include "statement_gate.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using postgres::GatheredLoads;
using postgres::Pool;
using postgres::PoolOptions;

namespace asio = boost::asio;

namespace {

using Told = ToldAt<Result<DocumentLoad>>;

/// Readers of documents.
class Loop : public EventLoop {
  public:
    std::vector<std::future<Told>> ask(GatheredLoads& loads, const Uuid& tenant, const std::vector<Uuid>& ids,
                                       asio::cancellation_signal* gone = nullptr) {
        std::vector<std::function<Task<Result<DocumentLoad>>()>> questions;
        for (const Uuid& id : ids)
            questions.emplace_back(
                [&loads, tenant, id] { return loads.load(tenant, EntityKind::account, id); });
        return EventLoop::ask(questions, gone);
    }
};

struct Gathering : StoreFixture {
    /// Of the statements by which batches read their documents.
    StatementGate counter{"|| $3::uuid[]", "SELECT 1 / ($1::uuid IS NULL)::integer, $2::uuid[], $3::uuid[]"};
    // Loops outlive the pool.
    Loop loop;
    Loop other_loop;
    Pool pool{options()};
    /// In which nobody leaves because a test took its time.
    GatheredLoads loads{pool, std::chrono::hours(1)};

    ~Gathering() { counter.hold(false); }

    PoolOptions options() {
        PoolOptions all = pool_options(GatheredLoads::most_under_way + 1);
        all.rewrite = [this](std::string sql) { return counter.pass(std::move(sql)); };
        return all;
    }

    void write(const std::vector<std::string>& names) {
        must([&](PageTransaction& page) {
            std::vector<DocumentWrite> all;
            for (const auto& name : names) {
                all.push_back(document(EntityKind::account, name, R"({"name":")" + name + R"("})"));
            }
            good(page.commit_documents(by_operator, all));
        });
    }

    /// The same, of which everything is known by now that is told of sources.
    void write_known(const std::vector<std::string>& names) {
        write(names);
        auto reader = loop.ask(loads, tenant, {id_of(names.front())});
        told(reader.front());
        counter.begin_anew();
    }

    /// As many batches as may be are under way, and stay so until hold(false); some are already.
    std::vector<std::future<Told>> fill(std::size_t already = 0) {
        counter.hold(true);
        std::vector<std::future<Told>> held;
        for (std::size_t i = already; i < GatheredLoads::most_under_way; ++i) {
            auto some = loop.ask(loads, tenant, crowd("held " + std::to_string(i)));
            std::ranges::move(some, std::back_inserter(held));
            counter.await(static_cast<int>(i) + 1);
        }
        return held;
    }

    /// With so many others, who are nowhere, that they do not wait for a batch to come back.
    static std::vector<Uuid> crowd(const std::string& name) {
        std::vector<Uuid> ids{id_of(name)};
        while (ids.size() < GatheredLoads::worth_their_own)
            ids.push_back(id_of(name + " and " + std::to_string(ids.size())));
        return ids;
    }
};

bool found(const Told& reader, std::string_view name) {
    const Result<DocumentLoad>& load = reader.answer;
    return load && load->document && load->document->id == id_of(name) &&
           load->document->body.find(name) != std::string::npos;
}

std::vector<Uuid> absent(std::size_t count) {
    std::vector<Uuid> ids;
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(id_of("absent " + std::to_string(i)));
    return ids;
}

constexpr int filled = GatheredLoads::most_under_way;

}  // namespace

TEST_CASE_FIXTURE(Gathering, "readers of one document at once share its load, however many they are") {
    write_known({"a"});
    auto readers = loop.ask(loads, tenant, std::vector<Uuid>(GatheredLoads::most_together + 50, id_of("a")));
    for (auto& reader : readers)
        CHECK(found(told(reader), "a"));
    CHECK(counter.passed() == 1);
}

TEST_CASE_FIXTURE(Gathering, "readers of several documents at once are told each its own by one batch") {
    write_known({"a", "b", "c"});
    auto readers = loop.ask(loads, tenant, {id_of("c"), id_of("a"), id_of("absent"), id_of("b"), id_of("a")});
    CHECK(found(told(readers[0]), "c"));
    CHECK(found(told(readers[1]), "a"));
    CHECK_FALSE(good(told(readers[2]).answer).document);
    CHECK(found(told(readers[3]), "b"));
    CHECK(found(told(readers[4]), "a"));
    CHECK(counter.passed() == 1);
}

TEST_CASE_FIXTURE(Gathering,
                  "a batch takes as many documents as its bound says, and the next takes the rest") {
    for (const auto& [more, batches] : {std::pair(std::size_t{0}, 1), std::pair(std::size_t{1}, 3)}) {
        auto readers = loop.ask(loads, tenant, absent(GatheredLoads::most_together + more));
        for (auto& reader : readers)
            CHECK_FALSE(good(told(reader).answer).document);
        CHECK(counter.passed() == batches);
    }
}

TEST_CASE_FIXTURE(Gathering,
                  "with as many batches under way as may be, readers of two threads leave in one") {
    write_known({"a", "b"});
    auto held = fill();
    auto ours = loop.ask(loads, tenant, {id_of("a"), id_of("b")});
    auto theirs = other_loop.ask(loads, tenant, {id_of("b"), id_of("a")});
    CHECK(counter.passed() == filled);
    counter.hold(false);
    for (auto* readers : {&ours, &theirs}) {
        const bool is_ours = readers == &ours;
        const Told first = told((*readers)[0]);
        const Told second = told((*readers)[1]);
        CHECK(found(first, is_ours ? "a" : "b"));
        CHECK(found(second, is_ours ? "b" : "a"));
        CHECK(first.at_home);
        CHECK(second.at_home);
    }
    for (auto& one : held)
        CHECK(good(told(one).answer).moment.number > 0);
    CHECK(counter.passed() == filled + 1);
}

TEST_CASE_FIXTURE(Gathering,
                  "a batch that fails fails each of its readers alike, and the next one is answered") {
    write_known({"a", "b"});
    counter.fail(true);
    // As often as would take every place, if one that failed kept its own.
    for (int i = 1; i <= filled; ++i) {
        auto readers = loop.ask(loads, tenant, {id_of("a"), id_of("b"), id_of("a")});
        for (auto& reader : readers)
            CHECK(error_of(told(reader).answer) == "internal");
        CHECK(counter.passed() == i);
    }
    counter.fail(false);
    auto again = loop.ask(loads, tenant, {id_of("b")});
    CHECK(found(told(again.front()), "b"));
}

TEST_CASE_FIXTURE(Gathering, "a reader that goes away while its batch is under way harms nobody in it") {
    write_known({"a"});
    counter.hold(true);
    asio::cancellation_signal gone;
    // The one who goes opened the batch.
    auto going = loop.ask(loads, tenant, {id_of("a")}, &gone);
    counter.await(1);
    auto held = fill(1);
    asio::cancellation_signal gone_while_gathering;
    auto opened = loop.ask(loads, tenant, {id_of("a")}, &gone_while_gathering);
    auto joined = loop.ask(loads, tenant, {id_of("a")});
    auto others = other_loop.ask(loads, tenant, {id_of("a")});
    loop.cancel(gone);
    loop.cancel(gone_while_gathering);
    counter.hold(false);
    CHECK(found(told(joined.front()), "a"));
    CHECK(found(told(others.front()), "a"));
    told(going.front());
    told(opened.front());
    for (auto& one : held)
        told(one);
    auto again = loop.ask(loads, tenant, {id_of("a")});
    CHECK(found(told(again.front()), "a"));
    CHECK(counter.passed() == filled + 2);
}

TEST_CASE_FIXTURE(Gathering, "a load that is asked for after a commit sees it, whatever is under way") {
    counter.hold(true);
    auto before = loop.ask(loads, tenant, {id_of("late")});
    counter.await(1);
    write({"late"});
    auto after = loop.ask(loads, tenant, crowd("late"));
    counter.await(2);
    counter.hold(false);
    CHECK(found(told(after.front()), "late"));
    good(told(before.front()).answer);
}

TEST_CASE_FIXTURE(Gathering,
                  "while a batch is under way a few readers wait for its return, and enough of them do not") {
    counter.hold(true);
    auto first = loop.ask(loads, tenant, {id_of("first")});
    counter.await(1);
    auto few = loop.ask(loads, tenant, {id_of("few")});
    loop.ask(loads, tenant, {});
    CHECK(counter.passed() == 1);
    auto enough = loop.ask(loads, tenant, crowd("enough"));
    counter.await(2);
    counter.hold(false);
    for (auto* readers : {&first, &few, &enough})
        told(readers->front());
}

TEST_CASE_FIXTURE(Gathering, "a batch that hangs keeps a few readers of its tenant for a moment only") {
    GatheredLoads impatient(pool, std::chrono::milliseconds(1));
    counter.hold(true);
    auto first = loop.ask(impatient, tenant, {id_of("first")});
    counter.await(1);
    auto few = loop.ask(impatient, tenant, {id_of("few")});
    counter.await(2);
    counter.hold(false);
    for (auto* readers : {&first, &few})
        good(told(readers->front()).answer);
}

TEST_CASE_FIXTURE(Gathering, "a batch that hangs keeps nobody of another tenant") {
    const Uuid other = id_of("gathered-elsewhere");
    good(store.admin().create_tenant(other, "gathered-elsewhere"));
    counter.hold(true);
    auto first = loop.ask(loads, tenant, {id_of("first")});
    counter.await(1);
    auto few = loop.ask(loads, tenant, {id_of("few")});
    auto elsewhere = loop.ask(loads, other, {id_of("few")});
    counter.await(2);
    counter.hold(false);
    for (auto* readers : {&first, &few, &elsewhere})
        good(told(readers->front()).answer);
}

TEST_CASE_FIXTURE(Gathering, "a load that joins others after a commit sees it, and so do they") {
    write_known({"other"});
    auto held = fill();
    auto early = loop.ask(loads, tenant, {id_of("late")});
    write({"late"});
    auto late = other_loop.ask(loads, tenant, {id_of("late")});
    counter.hold(false);
    CHECK(found(told(late.front()), "late"));
    CHECK(found(told(early.front()), "late"));
    for (auto& one : held)
        told(one);
    CHECK(counter.passed() == filled + 1);
}

// What sanitizers look at: whoever destroys one loop destroys nothing of another.
TEST_CASE_FIXTURE(Gathering,
                  "loops that end while a batch hangs end readers of each other's, in whatever order") {
    GatheredLoads patient(pool, std::chrono::milliseconds(200));
    counter.hold(true);
    auto first = loop.ask(patient, tenant, {id_of("first")});
    counter.await(1);
    auto ours = loop.ask(patient, tenant, {id_of("shared")});
    auto theirs = other_loop.ask(patient, tenant, {id_of("shared")});
    counter.await(2);
    CHECK(counter.passed() == 2);
    loop.stop();
    other_loop.stop();
}
