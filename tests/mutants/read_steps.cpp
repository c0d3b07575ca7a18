#include "adapters/postgres/reads.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using postgres::Transaction;
using tests::id_of;

namespace {

ListQuery accounts_of(std::optional<domain::Uuid> customer, std::optional<std::int64_t> commit) {
    ListQuery query = tests::list_of(EntityKind::account);
    query.customer = customer;
    query.commit = commit;
    query.include_removed = true;
    return query;
}

Step list(std::string name, ListQuery query, std::string arranged = "") {
    return {std::move(name), std::move(arranged),
            [query](Transaction& tx) { return shown(postgres::list_documents(tx, query)); }};
}

}  // namespace

std::vector<Step> read_steps() {
    return {
        {"a customer", "",
         [](Transaction& tx) {
             return shown(postgres::read_document(tx, EntityKind::customer, id_of("c1")));
         }},
        {"a customer that theirs merged and ours did not",
         "UPDATE customers SET redirect_to = NULL WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::read_document(tx, EntityKind::customer, id_of("c2")));
         }},
        list("accounts", accounts_of({}, {})),
        list("accounts, where the feed of theirs is ahead", accounts_of({}, {}),
             "UPDATE feed_head SET commit_no = commit_no + 7 WHERE tenant_id = $theirs;"),
        list("accounts at the first commit", accounts_of({}, 1)),
        list("accounts of a customer", accounts_of(id_of("c1"), {})),
        list("accounts of a customer at the first commit", accounts_of(id_of("c1"), 1)),
        list("accounts of a customer whom only theirs has, and had", accounts_of(id_of("c1"), {}),
             "DELETE FROM documents WHERE tenant_id = $ours AND kind = 'customer';"
             "UPDATE documents SET body = replace(body, 'foreign ', '') WHERE tenant_id = $theirs;"),
        list("accounts of a customer whom only theirs had", accounts_of(id_of("c1"), 1),
             "DELETE FROM history WHERE tenant_id = $ours AND kind = 'customer';"
             "UPDATE history SET body = replace(body, 'foreign ', '') WHERE tenant_id = $theirs;"),
        {"an overview, where only theirs knows a profile, has access, or is a member",
         "UPDATE entities SET normalized = NULL WHERE tenant_id = $ours AND provider_id = 'p3';"
         "DELETE FROM access WHERE tenant_id = $ours AND target_id = '" +
             to_text(id_of("x4")) + "'; DELETE FROM memberships WHERE tenant_id = $ours AND profile_id = '" +
             to_text(id_of("p5")) + "';",
         [](Transaction& tx) { return shown(postgres::read_overview(tx, id_of("c1"))); }},
        {"freshness", "", [](Transaction& tx) { return shown(postgres::read_freshness(tx)); }},
    };
}

}  // namespace tributary::mutants
