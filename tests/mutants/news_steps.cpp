#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/loads.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/news.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using postgres::Transaction;
using tests::id_of;

namespace {

/// `arranged` for marks of x1, in 2099 where they are theirs.
std::string marks_of_theirs() {
    return "INSERT INTO freshness_marks VALUES ($theirs, '" + to_text(id_of("x1")) + "', '2099-01-01');";
}

std::string marks_of_both() {
    return marks_of_theirs() + "INSERT INTO freshness_marks VALUES ($ours, '" + to_text(id_of("x1")) +
           "', '2001-01-01');";
}

std::string loaded(Transaction& tx, const std::vector<postgres::LoadQuery>& queries) {
    postgres::FreshnessMemory memory;
    return shown(postgres::load_documents(tx, queries, memory));
}

/// `arranged` for x1 as an object of the connection that both have.
std::string with_a_source() {
    return "UPDATE documents SET sources = ($shared)::text || ' accounts' WHERE tenant_id = $ours AND "
           "document_id = '" +
           to_text(id_of("x1")) + "';";
}

/// `arranged` for a read of x1 by itself, which only theirs made.
std::string read_by_theirs() {
    return "INSERT INTO object_reads VALUES ($theirs, '" + to_text(id_of("x1")) +
           "', $shared, 'accounts', 3, '2099-01-01', '2098-01-01');";
}

/// Without the time of the look.
std::string told(const News& news) {
    return shown(news.head) + shown(news.whole) + shown(news.changed) + shown(news.marks);
}

Step news_behind_the_first_commit(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged), [](Transaction& tx) {
                const Commit first = postgres::moment_of(tx, {tx.tenant(), Moment(std::int64_t{1})});
                return told(postgres::read_news(tx, {.after = first}));
            }};
}

}  // namespace

std::vector<Step> news_steps() {
    return {
        news_behind_the_first_commit("news behind the first commit", marks_of_theirs()),
        news_behind_the_first_commit("news behind a commit that theirs made at another time",
                                     "UPDATE commits SET at = 'epoch' WHERE tenant_id = $theirs;"),
        {"an account is marked that theirs marked, too", marks_of_both(),
         [](Transaction& tx) {
             postgres::mark_freshness(tx, id_of("x1"));
             return std::string();
         }},
        {"an account is loaded of which only theirs has marks", marks_of_theirs(),
         [](Transaction& tx) { return loaded(tx, {{id_of("x1"), false}}); }},
        {"an account is loaded with what is told of its connection", with_a_source(),
         [](Transaction& tx) { return loaded(tx, {{id_of("x1"), false}}); }},
        {"an account is loaded that only theirs read by itself",
         with_a_source() + marks_of_both() + read_by_theirs(),
         [](Transaction& tx) { return loaded(tx, {{id_of("x1"), false}}); }},
        {"a customer is loaded", marks_of_both(),
         [](Transaction& tx) { return loaded(tx, {{id_of("c1"), true}, {id_of("c2"), true}}); }},
    };
}

}  // namespace tributary::mutants
