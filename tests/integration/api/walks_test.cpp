#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "domain/json/write.hpp"
#include "reading.hpp"

using namespace tributary;
using namespace tests;
using domain::ports::HttpReply;

namespace {

constexpr int lasting = 40;
constexpr int passing = 40;
constexpr int writers = 3;
constexpr int readers = 3;

std::string text_at(const json::Value& value, std::string_view key) {
    const json::Value* found = value.find(key);
    return found != nullptr && found->if_string() != nullptr ? *found->if_string() : std::string();
}

std::string escaped(std::string text) {
    if (const std::size_t space = text.find(' '); space != std::string::npos) {
        text.replace(space, 1, "%20");
    }
    return text;
}

/// What a walk saw: the name and version of each object, as often as it came, and when that was true.
struct Walked {
    std::string moment;
    std::multiset<std::string> seen;
};

/// Objects that are there all the time, and change; others come and go.
struct World {
    Reading reading{writers + readers};
    std::atomic<int> writes = 0;
    std::atomic<int> walks = 0;
    std::atomic<int> broken = 0;
    std::mutex mutex;
    std::vector<Walked> walked;
    std::atomic<bool> walking = true;

    World() {
        for (int i = 0; i < lasting; ++i)
            reading.write("lasting-" + std::to_string(i));
    }

    void write(unsigned seed, int all) {
        std::mt19937 random(seed);
        // Until enough is written and nobody walks any more: each walk has writes around it.
        while (writes.fetch_add(1) < all || walking.load()) {
            const unsigned own = random() % (lasting / writers) * writers + seed;
            if (random() % 2 == 0) {
                reading.write("lasting-" + std::to_string(own % lasting));
            } else {
                reading.write("passing-" + std::to_string(own % passing), random() % 2 == 0);
            }
        }
    }

    /// One walk from the first page to the last.
    void walk(std::mt19937& random) {
        static constexpr std::array<const char*, 6> orders{
            "id", "id desc", "created_at", "created_at desc", "changed_at", "changed_at desc"};
        const std::string order = "order_by=" + escaped(orders[random() % orders.size()]);
        std::multiset<std::string> seen;
        std::set<std::string> moments;
        std::string token;
        do {
            const std::string size = "&page_size=" + std::to_string(1 + random() % 30);
            const HttpReply page = reading.list(order + size + (token.empty() ? "" : "&page_token=" + token));
            if (page.status != 200) {
                ++broken;
                return;
            }
            const json::Value tree = tree_of(page);
            for (const json::Value& item : *tree.find("items")->if_array())
                seen.insert(text_at(item, "name") + " " + json::write(*item.find("version")));
            moments.insert(text_at(tree, "as_of"));
            token = text_at(tree, "next_page_token");
        } while (!token.empty());
        if (moments.size() != 1) ++broken;
        const std::lock_guard lock(mutex);
        walked.push_back({*moments.begin(), std::move(seen)});
    }

    /// What there was at a moment, out of the tables themselves.
    [[nodiscard]] std::set<std::string> there_at(const std::string& moment) const {
        const std::string commit = reading.value(
            "SELECT max(commit_no) FROM commits WHERE tenant_id = $T AND at = '" + moment + "'");
        REQUIRE_FALSE(commit.empty());
        std::set<std::string> names;
        for (const auto& row : reading.database.rows(
                 "SELECT body::json ->> 'name', version FROM documents WHERE tenant_id = '" +
                 to_text(reading.tenant) + "' AND deleted_at IS NULL AND commit_no <= " + commit +
                 " UNION ALL SELECT body::json ->> 'name', version FROM history WHERE tenant_id = '" +
                 to_text(reading.tenant) + "' AND deleted_at IS NULL AND valid_from <= " + commit +
                 " AND valid_to > " + commit)) {
            names.insert(row[0] + " " + row[1]);
        }
        return names;
    }
};

}  // namespace

TEST_CASE(
    "walks of a list during writes show all that there was at their moment, each once, and nothing else") {
    World world;
    const int all_walks = full_or(500, 25);
    const int all_writes = full_or(1'000, 50);
    std::vector<std::thread> writing;
    for (unsigned writer = 0; writer < writers; ++writer) {
        writing.emplace_back([&world, writer, all_writes] { world.write(writer, all_writes); });
    }
    std::vector<std::thread> reading;
    for (unsigned reader = 0; reader < readers; ++reader) {
        reading.emplace_back([&world, reader, all_walks] {
            std::mt19937 random(reader);
            while (world.walks.fetch_add(1) < all_walks)
                world.walk(random);
        });
    }
    for (std::thread& thread : reading) {
        thread.join();
    }
    world.walking = false;
    for (std::thread& thread : writing) {
        thread.join();
    }
    std::size_t missing = 0;
    std::size_t repeated = 0;
    std::size_t foreign = 0;
    for (const Walked& walk : world.walked) {
        const std::set<std::string> there = world.there_at(walk.moment);
        const std::set<std::string> seen(walk.seen.begin(), walk.seen.end());
        repeated += walk.seen.size() - seen.size();
        const auto among = [](const std::set<std::string>& all) {
            return [&all](const std::string& name) { return all.contains(name); };
        };
        missing += there.size() - static_cast<std::size_t>(std::ranges::count_if(there, among(seen)));
        foreign += seen.size() - static_cast<std::size_t>(std::ranges::count_if(seen, among(there)));
    }
    CHECK(missing == 0);
    CHECK(repeated == 0);
    CHECK(foreign == 0);
    CHECK(world.broken == 0);
    CHECK(world.walked.size() == static_cast<std::size_t>(all_walks));
    MESSAGE("walks: ", all_walks, " during ", world.writes.load(), " writes, missing: ", missing,
            ", repeated: ", repeated, ", of another moment: ", foreign);
}
