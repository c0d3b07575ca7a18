#include "tests/mutants/trial.hpp"

#include <algorithm>
#include <pqxx/pqxx>

#include "adapters/postgres/failure.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::mutants {

namespace {

// An index that begins with the tenant gives the rows of theirs first. What that costs in the planner's eyes
// is no reason to compile the plan or to share it out.
constexpr auto read_by_index =
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off;"
    "SET LOCAL max_parallel_workers_per_gather = 0;";

postgres::PoolOptions options_for(const World& world, bool as_superuser) {
    postgres::PoolOptions options;
    options.url = as_superuser ? world.database().superuser_url() : world.database().url();
    options.threads = 1;
    options.deadline = std::chrono::minutes(2);
    return options;
}

/// What ours has in a table, row by row.
std::string rows_of(postgres::Transaction& tx, const std::string& table) {
    std::string text = table + "\n";
    for (const auto& fields :
         tx.script(filled("SELECT t::text FROM " + table + " t WHERE tenant_id = $ours"))) {
        text += table + ": " + postgres::Row(fields).text(0) + '\n';
    }
    return text;
}

/// The lines in the order of what is left of them once they are settled: times and ids of now are in no
/// order.
std::string in_order(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    std::ranges::sort(lines);
    std::string sorted;
    for (const std::string& line : lines) {
        sorted += line + '\n';
    }
    return sorted;
}

}  // namespace

std::string difference(const Outcome& outcome, const Outcome& expected) {
    if (outcome.failed != expected.failed) return "a statement fails " + outcome.failed;
    if (outcome.touched != expected.touched) return "rows of theirs in " + outcome.touched;
    if (outcome.told != expected.told) return "another answer";
    if (outcome.rows != expected.rows) return "other rows of ours";
    return "";
}

Trial::Trial(const World& world, std::optional<std::string> role)
    : world_(world), role_(std::move(role)), pool_([&] {
          postgres::PoolOptions options = options_for(world, role_.has_value());
          options.rewrite = [this](std::string sql) {
              return acting_ && rewriting_ ? rewriting_(std::move(sql)) : std::move(sql);
          };
          return options;
      }()) {}

Outcome Trial::run(const Step& step, const Rewriting& rewriting) {
    rewriting_ = rewriting;
    Outcome outcome;
    const auto job = [&](postgres::Transaction& tx) {
        run_in(tx, step, outcome);
        postgres::refuse(domain::Errc::cancelled, "a trial ends without a trace");
    };
    const auto ended = tests::run_task(pool_.run({.tenant = step.tenant}, job));
    if (ended.error().code != domain::Errc::cancelled) {
        throw std::runtime_error("step '" + step.name + "': " + ended.error().detail);
    }
    return outcome;
}

void Trial::run_in(postgres::Transaction& tx, const Step& step, Outcome& outcome) {
    if (!std::exchange(prepared_, true)) tx.script("PREPARE hashes AS " + world_.hashes());
    tx.script(read_by_index);
    if (!step.arranged.empty()) tx.script(filled(step.arranged));
    const auto before = tx.script("EXECUTE hashes");
    if (role_) tx.script("SET LOCAL ROLE " + *role_);
    acting_ = true;
    try {
        outcome.told = world_.settled(step.act(tx));
    } catch (const postgres::Failure& refused) {
        outcome.told = world_.settled(std::string(name_of(refused.error.code)) + ": " + refused.error.detail);
    } catch (const pqxx::sql_error& failed) {
        outcome.failed = failed.sqlstate();
    }
    acting_ = false;
    if (!outcome.failed.empty()) return;
    if (role_) tx.script("RESET ROLE");
    const auto after = tx.script("EXECUTE hashes");
    std::string rows;
    for (pqxx::result::size_type i = 0; i < after.size(); ++i) {
        const postgres::Row was(before[i]);
        const postgres::Row is(after[i]);
        if (is.view(1) != was.view(1)) rows += rows_of(tx, is.text(0));
        if (is.view(2) != was.view(2)) outcome.touched += is.text(0) + " ";
    }
    outcome.rows = in_order(world_.settled(rows));
}

}  // namespace tributary::mutants
