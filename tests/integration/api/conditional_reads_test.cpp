#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>

#include "reading.hpp"

using namespace tributary;
using namespace tests;
using domain::ports::HttpReply;

namespace {

std::string tag_of(const HttpReply& reply) {
    return std::string(reply.fields.find("ETag").value_or(""));
}

std::int64_t version_in(std::string_view tag) {
    return std::stoll(std::string(tag.substr(3)));
}

constexpr int documents = 4;
constexpr int writers = 2;
constexpr int readers = 4;

/// What writers have committed, and what was found wrong.
struct Race {
    Reading reading{writers + readers};
    /// The version that was committed last, of each document: no answer may be older.
    std::array<std::atomic<std::int64_t>, documents> committed{};
    std::atomic<int> left = 0;
    std::atomic<int> stale = 0;
    std::atomic<int> wrong = 0;
    std::atomic<int> unchanged = 0;
    std::atomic<int> changed = 0;

    static std::string name(std::size_t document) { return "doc-" + std::to_string(document); }

    void write(unsigned seed) {
        std::mt19937 random(seed);
        while (left.load() > 0) {
            // Of two writers of one document, one would have to try again: each has its own.
            const std::size_t document = seed % writers + writers * (random() % (documents / writers));
            committed[document] = reading.write(name(document), random() % 8 == 0);
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 12));
        }
    }

    void read(unsigned seed) {
        std::mt19937 random(seed);
        std::array<std::string, documents> held;
        while (left.fetch_sub(1) > 0) {
            const std::size_t document = random() % documents;
            const std::int64_t at_least = committed[document];
            const HttpReply reply = reading.get(name(document), held[document]);
            const std::string tag = tag_of(reply);
            if (version_in(tag) < at_least) ++stale;
            if (reply.status == 304) {
                ++unchanged;
                if (tag != held[document] || !reply.body.empty()) ++wrong;
            } else {
                ++changed;
                const std::string said = R"("n":)" + std::to_string(version_in(tag)) + ",";
                if (reply.status != 200 || tag == held[document] || !reply.body.contains(said)) ++wrong;
            }
            held[document] = tag;
        }
    }
};

}  // namespace

TEST_CASE(
    "random interleavings of writes and conditional reads never answer 304 to a reader whose version is "
    "old") {
    Race race;
    for (std::size_t document = 0; document < documents; ++document) {
        race.committed[document] = race.reading.write(Race::name(document));
    }
    race.left = full_or(10'000, 600);
    const int reads = race.left;
    std::vector<std::thread> running;
    for (unsigned writer = 0; writer < writers; ++writer) {
        running.emplace_back([&race, writer] { race.write(writer); });
    }
    for (unsigned reader = 0; reader < readers; ++reader) {
        running.emplace_back([&race, reader] { race.read(100 + reader); });
    }
    for (std::thread& thread : running) {
        thread.join();
    }
    CHECK(race.stale == 0);
    CHECK(race.wrong == 0);
    CHECK(race.unchanged + race.changed == reads);
    // A run in which nothing ever changed, or nothing ever stayed, would prove nothing.
    CHECK(race.unchanged > reads / 20);
    CHECK(race.changed > reads / 20);
    MESSAGE("conditional reads: ", reads, ", 304: ", race.unchanged.load(), ", stale: ", race.stale.load());
}

TEST_CASE("an object's tag is another one once it was removed, and once it came back") {
    Reading reading(2);
    reading.write("a");
    const std::string first = tag_of(reading.get("a"));
    CHECK(reading.get("a", first).status == 304);
    reading.write("a", true);
    const HttpReply removed = reading.get("a", first);
    CHECK(removed.status == 200);
    CHECK(removed.body.contains("deleted_at"));
    reading.write("a");
    CHECK(reading.get("a", first).status == 200);
    CHECK(reading.get("a", tag_of(removed)).status == 200);
    CHECK(reading.get("a", "*").status == 304);
    CHECK(reading.get("nobody", "*").status == 404);
}
