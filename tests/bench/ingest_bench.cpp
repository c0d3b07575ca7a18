// What a sync costs beside the writing itself: Upvest's pages of 1,000, from their bytes to the feed, held
// against plain COPY of the very rows that come of them.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "copy_peer.hpp"
#include "ingest_runs.hpp"
#include "resident.hpp"
#include "scores.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/store_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace tributary;
using namespace tributary::bench;

constexpr int rounds = 3;
constexpr std::size_t together = 4;

struct Options {
    std::size_t objects = 100'000;
    bool report = false;
    std::string json_file;
    std::vector<std::string> only;
    /// Of the child that measures its memory: database, tenant, folder of pages.
    std::vector<std::string> walk;

    [[nodiscard]] bool wants(const std::string& scenario) const {
        return only.empty() || std::ranges::find(only, scenario) != only.end();
    }
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double rate(std::size_t count, Seconds took) {
    return static_cast<double>(count) / took.count();
}

class IngestBench {
  public:
    explicit IngestBench(const Options& options)
        : options_(options),
          database_(tests::migrated_database()),
          runs_(database_.url(), fixture_.tenant),
          objects_(1, options.objects) {}

    std::vector<Score> run() {
        first_ = runs_.connect("first");
        measure_new();
        measure_unchanged();
        measure_changed();
        if (options_.wants("ingest_memory")) measure_memory();
        if (options_.wants("ingest_scaling")) measure_scaling();
        return std::move(scores_);
    }

  private:
    static ListAnswer answers(const UpvestObjects& objects) {
        return [&objects](const std::string& stream, std::uint64_t offset, std::uint32_t limit) {
            return objects.answer(stream, offset, limit);
        };
    }

    [[nodiscard]] std::size_t commits() const {
        return std::stoul(database_.value("SELECT count(*) FROM commits"));
    }

    void note(const std::string& text) const { std::fprintf(stderr, "%s\n", text.c_str()); }

    void measure_new() {
        std::vector<double> ours, peers, ratios;
        std::size_t rows = 0;
        for (int round = 0; round < (options_.wants("ingest_new") ? rounds : 1); ++round) {
            empty_page_tables(database_);
            ours.push_back(rate(objects_.size(), runs_.run(first_, answers(objects_))));
            if (!options_.wants("ingest_new")) continue;
            const StoredRows stored(database_);
            const std::size_t pages = commits();
            empty_page_tables(database_);
            peers.push_back(rate(objects_.size(), stored.copy_back(database_, pages, 1)));
            ratios.push_back(ours.back() / peers.back());
            rows = stored.rows();
            note(fmt::format("new, round {}: {:.0f} objects/s, COPY {:.0f}", round + 1, ours.back(),
                             peers.back()));
        }
        new_rate_ = median(ours);
        if (!options_.wants("ingest_new")) return;
        scores_.push_back({"ingest_new", "objects/s", new_rate_, median(peers), median(ratios), 0.5, false,
                           fmt::format("{} objects, {:.1f} rows each, pages of 1,000", objects_.size(),
                                       static_cast<double>(rows) / static_cast<double>(objects_.size()))});
    }

    void measure_unchanged() {
        // Nobody but the passes writes from here on.
        database_.run("ALTER SYSTEM SET autovacuum = off");
        database_.run("SELECT pg_reload_conf()");
        database_.run("VACUUM (ANALYZE)");
        database_.run("CHECKPOINT");
        database_.run("CREATE EXTENSION IF NOT EXISTS pg_walinspect");
        std::vector<double> rates;
        std::string before;
        for (int pass = 0; pass < rounds; ++pass) {
            before = database_.value("SELECT pg_current_wal_lsn()");
            rates.push_back(rate(objects_.size(), runs_.run(first_, answers(objects_))));
        }
        const std::string after = database_.value("SELECT pg_current_wal_lsn()");
        if (options_.wants("ingest_unchanged")) {
            scores_.push_back({"ingest_unchanged", "objects/s", median(rates), new_rate_,
                               median(rates) / new_rate_, 5, false, "peer: our own new objects"});
        }
        if (options_.wants("ingest_unchanged_wal")) score_wal(before, after);
    }

    /// Bytes of the write-ahead log about these tables and their indexes.
    [[nodiscard]] double logged(const std::string& from, const std::string& to,
                                const std::vector<std::string>& tables) const {
        std::string names;
        for (const std::string& table : tables) {
            names += (names.empty() ? "'" : ",'") + table + "'";
        }
        return std::stod(database_.value(
            "WITH own AS (SELECT oid FROM pg_class WHERE relname IN (" + names +
            ")), files AS (SELECT pg_relation_filenode(oid) AS node FROM own UNION ALL "
            "SELECT pg_relation_filenode(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM own)) "
            "SELECT coalesce(sum(w.record_length), 0) FROM pg_get_wal_records_info('" +
            from + "', '" + to +
            "') w WHERE EXISTS (SELECT FROM files WHERE w.block_ref LIKE '%/' || node || ' %')"));
    }

    void score_wal(const std::string& from, const std::string& to) {
        if (logged(from, to, {"runs"}) == 0)
            throw std::runtime_error("the log tells nothing of the run itself");
        const double count = static_cast<double>(objects_.size());
        const double of_objects = logged(from, to, page_tables()) / count;
        const double all = std::stod(database_.value("SELECT pg_wal_lsn_diff('" + to + "', '" + from + "')"));
        scores_.push_back(
            {"ingest_unchanged_wal", "B/object", of_objects, std::nullopt, of_objects, 0, true,
             fmt::format("{:.0f} B a page of 1,000 in all, of the run and its lease", all / (count / 1000))});
    }

    void measure_changed() {
        if (!options_.wants("ingest_changed_5_percent")) return;
        std::vector<double> rates;
        for (int round = 0; round < rounds; ++round) {
            objects_.change_five_percent(round);
            rates.push_back(rate(objects_.size(), runs_.run(first_, answers(objects_))));
        }
        scores_.push_back({"ingest_changed_5_percent", "objects/s", median(rates), new_rate_,
                           median(rates) / new_rate_, 3, false, "peer: our own new objects"});
    }

    /// A process of its own, which has nothing in memory but the page it is at.
    void measure_memory() {
        empty_page_tables(database_);
        const tests::TemporaryFolder folder;
        objects_.write_to(folder.path());
        const std::string self = std::filesystem::read_symlink("/proc/self/exe");
        const auto done = tests::run_to_end(
            {.words = {self, "--walk", database_.url(), to_text(fixture_.tenant), folder.path()}});
        if (done.code != 0) throw std::runtime_error("the walk alone failed: " + done.error);
        const double mib = std::stod(done.out) / 1024;
        scores_.push_back({"ingest_memory", "MiB", mib, std::nullopt, mib, 150, true,
                           fmt::format("peak of a process that syncs {} objects", objects_.size())});
    }

    /// Four connections of a quarter each, and one of them alone; COPY the same.
    void measure_scaling() {
        std::vector<UpvestObjects> quarters;
        std::vector<domain::Uuid> connections;
        std::vector<ListAnswer> lists;
        for (std::size_t i = 0; i < together; ++i) {
            quarters.emplace_back(i + 1, options_.objects / together);
            connections.push_back(runs_.connect("quarter " + std::to_string(i + 1)));
        }
        std::size_t all = 0;
        for (const UpvestObjects& quarter : quarters) {
            lists.push_back(answers(quarter));
            all += quarter.size();
        }
        std::vector<double> ours, peers, ratios;
        for (int round = 0; round < rounds; ++round) {
            empty_page_tables(database_);
            const double alone = rate(quarters[0].size(), runs_.run(connections[0], lists[0]));
            const double copied_alone = copied(quarters[0].size(), 1);
            empty_page_tables(database_);
            const double at_once = rate(all, runs_.run_at_once(connections, lists));
            const double copied_at_once = copied(all, together);
            ours.push_back(at_once / alone);
            peers.push_back(copied_at_once / copied_alone);
            ratios.push_back(ours.back() / peers.back());
            note(fmt::format("scaling, round {}: {:.0f} -> {:.0f} objects/s, COPY {:.0f} -> {:.0f}",
                             round + 1, alone, at_once, copied_alone, copied_at_once));
        }
        scores_.push_back({"ingest_scaling", "times", median(ours), median(peers), median(ratios), 0.9, false,
                           "4 connections at once over 1"});
    }

    /// Objects a second of COPY with so many sessions; the tables are left with the rows they had.
    [[nodiscard]] double copied(std::size_t objects, std::size_t sessions) const {
        const StoredRows stored(database_);
        const std::size_t pages = commits();
        empty_page_tables(database_);
        return rate(objects, stored.copy_back(database_, pages, sessions));
    }

    const Options& options_;
    const tests::StoreFixture fixture_{1};
    const tests::Database& database_;
    IngestRuns runs_;
    UpvestObjects objects_;
    domain::Uuid first_;
    double new_rate_ = 0;
    std::vector<Score> scores_;
};

/// Syncs a connection of its own from files and prints the peak of this process's memory in KiB.
void walk_alone(const std::vector<std::string>& words) {
    IngestRuns runs(words.at(0), domain::parse_uuid(words.at(1)).value());
    runs.run(runs.connect("alone"), answers_from(words.at(2)));
    std::printf("%ld\n", peak_resident(getpid()));
}

int run_program(int argc, char** argv) {
    CLI::App app(
        "Measures a sync against plain COPY of the same rows, and holds the figures against their bars.",
        "bench_ingest");
    Options options;
    app.add_option("--objects", options.objects, "how many objects a connection has")
        ->check(CLI::Range(2'500, 10'000'000));
    app.add_flag_callback("--quick", [&options] { options.objects = 10'000; }, "10,000 objects");
    app.add_option("--json", options.json_file, "also write the figures to this file");
    app.add_flag("--report", options.report, "exit 0 even where a bar is missed");
    app.add_option("--only", options.only, "these scenarios alone")->delimiter(',');
    app.add_option("--walk", options.walk)->group("")->expected(3);
    CLI11_PARSE(app, argc, argv);
    if (!options.walk.empty()) {
        walk_alone(options.walk);
        return 0;
    }
    tests::use_durable_cluster();
    const std::vector<Score> scores = IngestBench(options).run();
    std::printf("%s", table_of(scores).c_str());
    if (!options.json_file.empty()) std::ofstream(options.json_file) << json_of(scores) << '\n';
    const bool all_met = std::ranges::all_of(scores, &Score::met);
    return all_met || options.report ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run_program(argc, argv);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_ingest: %s\n", failure.what());
        return 2;
    }
}
