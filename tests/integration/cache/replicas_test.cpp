#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "domain/json/parse.hpp"
#include "replica.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;
using domain::ports::PageTransaction;

namespace {

const std::string position_field = "Tributary-Position";

std::string target_of(const std::string& name) {
    return "/v1/accounts/" + to_text(id_of(name));
}

/// The number that a document was written with.
std::int64_t number_in(const std::string& body) {
    const auto parsed = json::parse(body, body.size());
    REQUIRE(parsed);
    const json::Value* number = parsed->root.find("version");
    REQUIRE(number != nullptr);
    return std::stoll(number->if_number()->lexeme);
}

struct Written {
    std::int64_t version = 0;
    std::int64_t commit = 0;
};

/// Writes the next version of the document there.
Written write(postgres::Store& store, const domain::Uuid& tenant, const std::string& name) {
    Written written;
    good(store.pages().transact(tenant, [&](PageTransaction& page) -> domain::Result<void> {
        const auto before = good(page.documents(std::vector{id_of(name)}));
        written.version = before.empty() ? 1 : before.front().version + 1;
        const auto committed = page.commit_documents(
            by_operator,
            std::vector{document(EntityKind::account, name, R"({"name":"x"})",
                                 before.empty() ? std::nullopt : std::optional(before.front()))});
        if (!committed) return std::unexpected(committed.error());
        written.commit = committed->number;
        return {};
    }));
    return written;
}

std::int64_t number_of(const std::string& position) {
    return domain::parse_position(position).value().commit;
}

void raise(std::atomic<std::int64_t>& least, std::int64_t value) {
    std::int64_t now = least;
    while (now < value && !least.compare_exchange_weak(now, value)) {
    }
}

/// Two replicas, each with memory of its own, over one tenant.
struct Pair : StoreFixture {
    std::array<std::unique_ptr<Replica>, 2> replicas{std::make_unique<Replica>(6),
                                                     std::make_unique<Replica>(6)};
    std::string key = replicas[0]->make_key(tenant, {"read", "personal"});

    Replica& at(std::size_t number) { return *replicas[number]; }

    Replica::Client client(std::size_t replica) { return {at(replica), key}; }
};

/// Reads until the answer comes from memory.
Told from_memory(Replica::Client& client, const std::string& target) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    Told told = client.get(target);
    while (!told.from_memory && std::chrono::steady_clock::now() < deadline) {
        told = client.get(target);
    }
    REQUIRE(told.from_memory);
    return told;
}

constexpr std::size_t documents = 6;
constexpr int writers = 2;
constexpr int readers = 4;

/// What may at least be expected of every answer of a replica.
struct Least {
    /// Of each document: what was committed there, told there, or seen in the feed there.
    std::array<std::atomic<std::int64_t>, documents> versions{};
    std::atomic<std::int64_t> position = 0;
};

struct Race : Pair {
    std::array<Least, 2> least;

    /// The last commit that was acknowledged anywhere, and what it brought the document to.
    struct Acknowledged {
        std::mutex mutex;
        std::string position;
        std::array<std::int64_t, documents> versions{};
    } acknowledged;

    /// An answer, by the position that it told.
    struct Answered {
        std::size_t document = 0;
        std::int64_t version = 0;
        std::int64_t commit = 0;
    };

    std::mutex kept;
    std::array<std::vector<Written>, documents> all_written;
    std::vector<Answered> all_answered;

    std::atomic<int> left = 0;
    std::atomic<int> stale = 0;
    std::atomic<int> wrong = 0;
    std::atomic<int> from_memory = 0;
    std::atomic<int> unchanged = 0;

    static std::string name(std::size_t document) { return "doc-" + std::to_string(document); }

    void write_on(unsigned seed) {
        std::mt19937 random(seed);
        while (left > 0) {
            const std::size_t replica = random() % 2;
            // Of two writers of one document, one would have to try again: each has its own.
            const std::size_t document = seed % writers + writers * (random() % (documents / writers));
            const Written written = write(at(replica).store(), tenant, name(document));
            raise(least[replica].versions[document], written.version);
            note(document, written);
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 8'000));
        }
    }

    /// Under one lock: the position is behind everything that was noted.
    void note(std::size_t document, const Written& written) {
        {
            const std::lock_guard lock(kept);
            all_written[document].push_back(written);
        }
        const std::lock_guard lock(acknowledged.mutex);
        const auto head = good(store.reads().moment({tenant}));
        acknowledged.position = to_text(position_of(head));
        acknowledged.versions[document] = std::max(acknowledged.versions[document], written.version);
    }

    void read_on(unsigned seed) {
        std::mt19937 random(seed);
        std::array clients{client(0), client(1)};
        std::array<std::string, 2> seen;
        std::array<std::string, documents> held;
        std::vector<Answered> answered;
        while (left.fetch_sub(1) > 0) {
            const std::size_t replica = random() % 2;
            if (random() % 5 == 0) {
                read_feed(clients[replica], replica, seen[replica]);
            }
            const std::size_t document = random() % documents;
            std::map<std::string, std::string> fields;
            std::int64_t at_least = least[replica].versions[document];
            if (random() % 3 == 0) {
                const std::lock_guard lock(acknowledged.mutex);
                fields.emplace("Min-Position", acknowledged.position);
                at_least = std::max(at_least, acknowledged.versions[document]);
            }
            if (random() % 2 == 0 && !held[document].empty()) {
                fields.emplace("If-None-Match", held[document]);
            }
            const std::int64_t behind = least[replica].position;
            const Told told = clients[replica].get(target_of(name(document)), fields);
            check(told, held[document], {document, at_least, behind});
            held[document] = told.fields.contains("ETag") ? told.fields.at("ETag") : "";
            raise(least[replica].versions[document], version_of(told));
            const std::int64_t commit = number_of(told.fields.at(position_field));
            raise(least[replica].position, commit);
            answered.push_back({document, version_of(told), commit});
        }
        const std::lock_guard lock(kept);
        all_answered.insert(all_answered.end(), answered.begin(), answered.end());
    }

    /// Answers that told a position behind a write of which they did not have the outcome: who goes on from
    /// there would never learn of it.
    [[nodiscard]] std::ptrdiff_t mislabelled() const {
        return std::ranges::count_if(all_answered, [this](const Answered& answer) {
            return std::ranges::any_of(all_written[answer.document], [&](const Written& written) {
                return written.commit <= answer.commit && written.version > answer.version;
            });
        });
    }

    struct Expected {
        std::size_t document = 0;
        std::int64_t version = 0;
        std::int64_t position = 0;
    };

    void check(const Told& told, const std::string& held, const Expected& expected) {
        if (told.from_memory) ++from_memory;
        if (told.status == 304) ++unchanged;
        const bool is_held = told.status == 304 && told.fields.at("ETag") == held && told.body.empty();
        if (told.status != 200 && !is_held) ++wrong;
        if (told.status == 200 && number_in(told.body) != version_of(told)) ++wrong;
        if (version_of(told) < expected.version) ++stale;
        if (number_of(told.fields.at(position_field)) < expected.position) ++stale;
    }

    /// What a tag begins with.
    static std::int64_t version_of(const Told& told) { return std::stoll(told.fields.at("ETag").substr(3)); }

    /// Whoever saw a change in the feed of a replica is not told less by that replica.
    void read_feed(Replica::Client& client, std::size_t replica, std::string& seen) {
        const Told told = client.get("/v1/changes?page_size=1000" + (seen.empty() ? "" : "&after=" + seen));
        const auto parsed = json::parse(told.body, told.body.size());
        if (told.status != 200 || !parsed) {
            ++wrong;
            return;
        }
        for (const json::Value& change : *parsed->root.find("items")->if_array()) {
            const std::string& id = *change.find("id")->if_string();
            for (std::size_t document = 0; document < documents; ++document) {
                if (id == to_text(id_of(name(document)))) {
                    raise(least[replica].versions[document],
                          std::stoll(change.find("version")->if_number()->lexeme));
                }
            }
        }
        seen = told.fields.at(position_field);
    }
};

}  // namespace

TEST_CASE(
    "random interleavings of write, feed read and cached read on two replicas never answer with less than "
    "was "
    "acknowledged, told or seen") {
    Race race;
    for (std::size_t document = 0; document < documents; ++document) {
        race.note(document, write(race.at(0).store(), race.tenant, Race::name(document)));
    }
    race.left = full_or(10'000, 1'500);
    const int reads = race.left;
    std::vector<std::thread> running;
    for (unsigned writer = 0; writer < writers; ++writer) {
        running.emplace_back([&race, writer] { race.write_on(writer); });
    }
    for (unsigned reader = 0; reader < readers; ++reader) {
        running.emplace_back([&race, reader] { race.read_on(100 + reader); });
    }
    for (std::thread& thread : running) {
        thread.join();
    }
    CHECK(race.stale == 0);
    CHECK(race.wrong == 0);
    CHECK(race.mislabelled() == 0);
    // A run in which memory answered nothing, or nothing ever stayed as it was, would prove nothing.
    CHECK(race.from_memory > reads / 50);
    CHECK(race.unchanged > reads / 50);
    MESSAGE("reads: ", reads, ", from memory: ", race.from_memory.load(), ", 304: ", race.unchanged.load(),
            ", stale: ", race.stale.load());
}

TEST_CASE_FIXTURE(Pair,
                  "an answer from memory says what the answer before it said, and the same in its fields") {
    write(store, tenant, "a");
    auto reader = client(0);
    const Told first = reader.get(target_of("a"));
    CHECK_FALSE(first.from_memory);
    const Told again = from_memory(reader, target_of("a"));
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    auto fields = again.fields;
    auto expected = first.fields;
    for (auto* all : {&fields, &expected}) {
        all->erase("RateLimit");
    }
    CHECK(fields == expected);
    const Told held = reader.get(target_of("a"), {{"If-None-Match", first.fields.at("ETag")}});
    CHECK(held.from_memory);
    CHECK(held.status == 304);
    CHECK(held.body.empty());
    CHECK(held.fields.at("ETag") == first.fields.at("ETag"));
    CHECK_FALSE(held.fields.contains("Content-Type"));
}

TEST_CASE_FIXTURE(Pair,
                  "what another replica commits is forgotten without a signal, within the second of a look") {
    write(store, tenant, "a");
    Replica deaf(2, false);
    Replica::Client reader(deaf, key);
    from_memory(reader, target_of("a"));
    const std::int64_t version = write(at(0).store(), tenant, "a").version;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    Told told = reader.get(target_of("a"));
    while (number_in(told.body) < version && std::chrono::steady_clock::now() < deadline) {
        told = reader.get(target_of("a"));
    }
    CHECK(number_in(told.body) == version);
}

TEST_CASE_FIXTURE(Pair, "a reader without the scope personal is never given the other variant's copy") {
    write(store, tenant, "a");
    auto full = client(0);
    from_memory(full, target_of("a"));
    Replica::Client masked(at(0), at(0).make_key(tenant, {"read"}));
    const Told first = masked.get(target_of("a"));
    CHECK_FALSE(first.from_memory);
    CHECK(first.body.contains("***"));
    const Told again = from_memory(masked, target_of("a"));
    CHECK(again.body == first.body);
    CHECK_FALSE(from_memory(full, target_of("a")).body.contains("***"));
}

TEST_CASE_FIXTURE(Pair, "copies are for those who may read them: no key, another tenant's, another kind") {
    write(store, tenant, "a");
    auto reader = client(0);
    from_memory(reader, target_of("a"));
    CHECK(Replica::Client(at(0), "trb_unknown").get(target_of("a")).status == 401);
    CHECK(Replica::Client(at(0), at(0).make_key(tenant, {"operations"})).get(target_of("a")).status == 403);
    StoreFixture other;
    CHECK(Replica::Client(at(0), at(0).make_key(other.tenant, {"read"})).get(target_of("a")).status == 404);
    CHECK(reader.get("/v1/customers/" + to_text(id_of("a"))).status == 404);
}

TEST_CASE_FIXTURE(Pair, "a revoked key reads nothing from memory on a connection that it read from before") {
    write(store, tenant, "a");
    const std::string doomed = at(0).make_key(tenant, {"read", "personal"});
    Replica::Client reader(at(0), doomed);
    from_memory(reader, target_of("a"));
    at(0).revoke(tenant, doomed);
    CHECK(reader.get(target_of("a")).status == 401);
}

TEST_CASE_FIXTURE(Pair, "a read that must not be older than a position ahead of this replica is read anew") {
    write(store, tenant, "a");
    auto reader = client(0);
    from_memory(reader, target_of("a"));
    const std::int64_t version = write(at(1).store(), tenant, "a").version;
    const auto head = good(store.reads().moment({tenant}));
    const Told told = reader.get(target_of("a"), {{"Min-Position", to_text(position_of(head))}});
    CHECK(number_in(told.body) == version);
}
