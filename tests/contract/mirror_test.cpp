// The example that keeps a copy of a tenant in step (examples/mirror), killed at random moments while things
// change and the service comes and goes: what it stored is what the service says of that very position.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include "mirror_process.hpp"
#include "tests/e2e/changes_cast.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr int few_groups = 60;
constexpr int rounds = 6;
/// The connections that are synced: one of each provider, since each comparison reads everything there is.
const std::array seen{"tasty-01", "tdx-01", "upvest-01"};
/// Every third time those who keep copies live until they caught up, and twice the service goes away before.
constexpr int between_catching_up = 3;
/// Killed last: what it was syncing waits until its lease is over.
constexpr int service_stopped = 2;
constexpr int service_killed = 5;

/// Everything that happens to a tenant, some of it each round: at providers, by runs that nobody waits for,
/// and by operators, who join and part people.
class Churn {
  public:
    explicit Churn(RunningSystem& system)
        : system_(system), population_(system.sandbox().population()), cast_(population_) {
        for (const json::Value& customer : system.api().list("/v1/customers", 1000)) {
            const json::Array& profiles = array(customer, "profiles");
            if (profiles.size() == 1) profiles_.push_back(text(profiles.front(), "id"));
        }
    }

    void next() {
        happen_at_providers();
        for (const char* name : seen) {
            CHECK(system_.api().post("/v1/connections/" + system_.connections().at(name) + "/sync").status ==
                  202);
        }
        // Hundreds of sub-accounts go at once.
        if (round_ == 0)
            CHECK(system_.api().remove("/v1/connections/" + system_.connections().at("tdx-04")).status ==
                  202);
        decide();
        ++round_;
    }

    /// How often two people became one.
    [[nodiscard]] int joined() const { return joined_; }

  private:
    void happen_at_providers() {
        json::Array happening;
        if (round_ == 0) happening = cast_.changes();
        if (round_ == 1) happening = cast_.additions();
        // Some go in one round and are back in the next, in which others go.
        const bool odd = round_ % 2 != 0;
        const std::vector<Subject> some = cast_.removed();
        const std::vector<Subject> others = cast_.added();
        if (round_ > 0) {
            for (const Subject& subject : odd ? some : others)
                happening.emplace_back(operation("remove", subject));
        }
        if (round_ > 1) {
            for (const Subject& subject : odd ? others : some)
                happening.emplace_back(operation("readd", subject));
        }
        // More than a small page of changes.
        for (std::size_t i = 20; i < 100; ++i) {
            const std::string user = text(array(population_, "upvest.upvest-01.users").at(i), "id");
            happening.push_back(
                change({"upvest", "user", user}, {{"birth_city", "City " + std::to_string(round_)}}));
        }
        system_.sandbox().change(std::move(happening));
    }

    void decide() {
        if (!link_.empty()) {
            CHECK(system_.api().post("/v1/identity/links/" + link_ + "/unlink").status == 200);
            link_.clear();
        }
        const auto at = static_cast<std::size_t>(2 * round_) + 1;
        if (at >= profiles_.size()) return;
        const Answer linked = system_.api().post(
            "/v1/identity/links",
            json::Object{{"profile_ids", json::Array{profiles_.at(at - 1), profiles_.at(at)}}});
        if (linked.status != 200) return;
        link_ = text(linked.json, "link.id");
        ++joined_;
    }

    RunningSystem& system_;
    json::Value population_;
    Cast cast_;
    std::vector<std::string> profiles_;
    std::string link_;
    int round_ = 0;
    int joined_ = 0;
};

/// Whole lists are not looked through for them; other tests do.
const Secrets no_secrets;

/// What the service says of a commit, list by list.
Documents served(Api& api, const std::string& commit) {
    Documents all;
    for (const auto& [kind, path] : kinds_and_lists) {
        std::string token;
        do {
            const Answer page = api.get(std::string(path) + "?page_size=1000&as_of=" + commit +
                                        (token.empty() ? "" : "&page_token=" + token));
            REQUIRE(page.status == 200);
            for (const json::Value& document : array(page.json, "items"))
                add(all, kind, document);
            token = text(page.json, "next_page_token");
        } while (!token.empty());
    }
    return all;
}

std::string present(Api& api) {
    return api.get("/v1/customers?page_size=1").field("Tributary-Position");
}

/// The stored copy is what the service says of its position: nothing missing, nothing too much, nothing old.
void check_true(const StoredCopy& copy, Api& api) {
    const Documents source = served(api, copy.commit());
    std::size_t differing = 0;
    for (const auto& [name, document] : source) {
        const auto found = copy.documents.find(name);
        if (found == copy.documents.end() || found->second != document) ++differing;
    }
    CHECK_MESSAGE(differing == 0, "missing or different at " << copy.position << ": " << differing);
    CHECK_MESSAGE(copy.documents.size() == source.size(), "documents at " << copy.position);
}

bool comes_true(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

/// Waits until the copy stands at the present, and compares it.
void check_catches_up(MirrorProcess& mirror, Api& api) {
    REQUIRE(comes_true([&] { return mirror.stands_at(present(api)); }));
    CHECK(mirror.running());
    check_true(*mirror.stored(), api);
}

struct Follower {
    Api api;
    MirrorProcess mirror;
    std::set<std::string> positions = {};

    /// Where it was killed.
    void check_stop() {
        const auto copy = mirror.stored();
        if (!copy) return;
        if (positions.insert(copy->position).second) check_true(*copy, api);
    }
};

Churn churn_of_synced(RunningSystem& system) {
    system.sync_well({seen.begin(), seen.end()});
    return Churn(system);
}

struct Scene {
    RunningSystem system{"", few_groups};
    Churn churn = churn_of_synced(system);
    std::string personal = system.make_key("main", "read,personal");
    std::string reader = system.make_key("main", "read");

    [[nodiscard]] Follower follower(const std::string& key, int page_size) const {
        return {Api(system.settings().port, key, no_secrets),
                MirrorProcess(system.settings().port, key, page_size)};
    }

    static Scene& get() {
        static Scene one;
        return one;
    }
};

}  // namespace

TEST_CASE("a copy is what the service says of its position wherever its keeper is killed, masked or not") {
    Scene& scene = Scene::get();
    RunningSystem& system = scene.system;
    std::array followers{scene.follower(scene.personal, 25), scene.follower(scene.reader, 1000)};
    Churn& churn = scene.churn;
    std::mt19937 random(std::random_device{}());
    for (int round = 0; round < rounds; ++round) {
        for (Follower& follower : followers)
            follower.mirror.start();
        churn.next();
        std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 300));
        if (round == service_killed) system.kill_service();
        if (round == service_stopped) system.stop_service();
        if (round == service_killed || round == service_stopped) system.start_service();
        if (round % between_catching_up == between_catching_up - 1) {
            for (Follower& follower : followers)
                check_catches_up(follower.mirror, follower.api);
        }
        for (Follower& follower : followers) {
            follower.mirror.kill();
            follower.check_stop();
        }
    }
    CHECK(churn.joined() > 0);
    for (Follower& follower : followers) {
        // Stops at the same few places would prove little.
        CHECK(follower.positions.size() >= rounds / between_catching_up);
        follower.mirror.start();
        check_catches_up(follower.mirror, follower.api);
        CHECK_MESSAGE(follower.mirror.says("copied at") <= 1, "it goes on where it was killed");
        CHECK(follower.mirror.says("beginning anew") == 0);
        CHECK(follower.mirror.says("followed to") > 0);
        CHECK_FALSE(follower.mirror.stopped_within_commit());
        follower.mirror.kill();
        MESSAGE("positions compared: ", follower.positions.size(),
                ", documents: ", follower.mirror.stored()->documents.size());
    }
}

TEST_CASE("a copy whose position is of another past, or of what is kept no more, is made anew") {
    Scene& scene = Scene::get();
    Follower follower = scene.follower(scene.personal, 1000);
    MirrorProcess& mirror = follower.mirror;
    mirror.start();
    check_catches_up(mirror, follower.api);
    mirror.kill();
    const StoredCopy copy = *mirror.stored();
    const std::string commit = copy.commit();
    for (const std::string& unknown :
         {commit + ".00000000", std::to_string(std::stoll(commit) + 1) + ".00000000",
          std::string("1.00000000")}) {
        const int before = mirror.says("beginning anew");
        // Whoever went on from there would lack a document for ever.
        mirror.spoil(unknown);
        CHECK(mirror.stored()->documents.size() + 1 == copy.documents.size());
        mirror.start();
        check_catches_up(mirror, follower.api);
        mirror.kill();
        CHECK(mirror.says("beginning anew") == before + 1);
    }
    mirror.spoil(copy.position);
    scene.churn.next();
    REQUIRE(comes_true([&] { return present(follower.api) != copy.position; }));
    scene.system.database().run("UPDATE feed_head SET horizon = commit_no");
    mirror.start();
    check_catches_up(mirror, follower.api);
    CHECK(mirror.says("beginning anew") >= 4);
}

TEST_CASE("who keeps a copy is told to wait, does, and has all of it in the end") {
    Scene& scene = Scene::get();
    ProgramSettings slow = scene.system.settings();
    slow.port = tests::free_port();
    slow.admin_port = tests::free_port();
    slow.requests_per_minute = "120";
    const auto replica = scene.system.serve(slow);
    Follower follower{Api(scene.system.settings().port, scene.personal, no_secrets),
                      MirrorProcess(slow.port, scene.personal, 100)};
    follower.mirror.start();
    check_catches_up(follower.mirror, follower.api);
    CHECK(follower.mirror.says("asking again: 429") > 0);
}
