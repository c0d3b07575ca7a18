#include "adapters/postgres/changes.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/reads.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using postgres::Transaction;
using tests::id_of;

namespace {

Step moment(std::string name, std::string arranged, std::optional<Moment> wanted) {
    return {std::move(name), std::move(arranged),
            [wanted](Transaction& tx) { return shown(postgres::moment_of(tx, {tx.tenant(), wanted})); }};
}

Step changes(std::string name, std::string arranged, ChangeQuery query) {
    return {std::move(name), std::move(arranged),
            [query](Transaction& tx) { return shown(postgres::read_changes(tx, query)); }};
}

ChangeQuery of_accounts() {
    ChangeQuery query;
    query.kinds = {EntityKind::account};
    return query;
}

/// More changes than one reading looks at.
std::string many_changes_of(const std::string& tenant) {
    return "INSERT INTO changes (tenant_id, commit_no, ordinal, document_id, kind, operation, version, diff) "
           "SELECT " +
           tenant +
           ", 1, n, gen_random_uuid(), 'customer', 'changed', 1, '[]' FROM generate_series(100, 10200) n;";
}

}  // namespace

std::vector<Step> past_steps() {
    return {
        moment("the present moment", "", std::nullopt),
        moment("a commit whose time only theirs knows",
               "DELETE FROM commits WHERE tenant_id = $ours AND commit_no = 1;", 1),
        moment("a time before which only theirs has commits",
               "UPDATE commits SET at = 'epoch' WHERE tenant_id = $theirs;",
               domain::Timestamp(std::chrono::hours(1))),
        {"documents as they were at the first commit", "",
         [](Transaction& tx) {
             return shown(
                 postgres::read_batch(tx, {tx.tenant(), 1}, EntityKind::account,
                                      std::vector{id_of("x1"), id_of("x3"), id_of("gone"), id_of("x4")}));
         }},
        {"documents at the first commit, where ours had none then",
         "DELETE FROM history WHERE tenant_id = $ours; DELETE FROM documents WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::read_batch(tx, {tx.tenant(), 1}, EntityKind::account,
                                               std::vector{id_of("x1"), id_of("x3")}));
         }},
        {"a customer that theirs had merged and ours had not",
         "DELETE FROM redirects WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::read_document(tx, {tx.tenant(), 1}, {EntityKind::customer, id_of("c2")}));
         }},
        changes("changes", "", {}),
        changes("changes of accounts", "", of_accounts()),
        changes(
            "changes, where theirs merged a customer in a commit that ours has too",
            "UPDATE redirects SET customer_id = '" + to_text(id_of("x1")) + "' WHERE tenant_id = $theirs;",
            {}),
        changes("changes of accounts, where theirs has more than are looked at", many_changes_of("$theirs"),
                of_accounts()),
        changes("changes of accounts, where the time of the last that is looked at is only known to theirs",
                many_changes_of("$ours") + "DELETE FROM commits WHERE tenant_id = $ours;", of_accounts()),
    };
}

}  // namespace tributary::mutants
