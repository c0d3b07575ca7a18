#include "adapters/postgres/explain.hpp"
#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/raw_reads.hpp"
#include "adapters/postgres/reads.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using postgres::Transaction;
using tests::id_of;

namespace {

ListQuery accounts_of(std::optional<domain::Uuid> customer) {
    ListQuery query = tests::list_of(EntityKind::account);
    query.customer = customer;
    query.include_removed = true;
    return query;
}

ListQuery ordered(ListOrder order, bool descending) {
    ListQuery query = accounts_of({});
    query.order = order;
    query.descending = descending;
    query.facets = {};
    query.after = {
        order == ListOrder::changed_at ? (descending ? 9 : 0) : (descending ? 4'000'000'000'000'000 : 0),
        id_of("any")};
    return query;
}

ListQuery changed_since_beginning() {
    ListQuery query = accounts_of({});
    query.changed_since = domain::Timestamp(std::chrono::seconds(1));
    return query;
}

Step list(std::string name, ListQuery query, std::string arranged = "",
          std::optional<Moment> moment = std::nullopt) {
    return {std::move(name), std::move(arranged), [query, moment](Transaction& tx) {
                return shown(postgres::list_documents(tx, {tx.tenant(), moment}, query));
            }};
}

Step first_page(std::string name, ListOrder order, bool descending) {
    ListQuery query = accounts_of({});
    query.facets = {};
    query.order = order;
    query.descending = descending;
    return {std::move(name), "", [query](Transaction& tx) {
                const auto page = postgres::first_page(tx, query);
                return page ? shown(*page) : "none";
            }};
}

}  // namespace

std::vector<Step> read_steps() {
    return {
        {"a customer", "",
         [](Transaction& tx) {
             return shown(postgres::read_document(tx, {tx.tenant()}, {EntityKind::customer, id_of("c1")}));
         }},
        {"a customer that theirs merged and ours did not",
         "UPDATE customers SET redirect_to = NULL WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::read_document(tx, {tx.tenant()}, {EntityKind::customer, id_of("c2")}));
         }},
        list("accounts", accounts_of({})),
        list("accounts, where the feed of theirs is ahead", accounts_of({}),
             "UPDATE feed_head SET commit_no = commit_no + 7 WHERE tenant_id = $theirs;"),
        list("accounts at the first commit", accounts_of({}), "", 1),
        list("accounts of a customer", accounts_of(id_of("c1"))),
        list("accounts of a customer at the first commit", accounts_of(id_of("c1")), "", 1),
        list("accounts of a customer whom only theirs has, and had", accounts_of(id_of("c1")),
             "DELETE FROM documents WHERE tenant_id = $ours AND kind = 'customer';"
             "UPDATE documents SET body = replace(body, 'foreign ', '') WHERE tenant_id = $theirs;"),
        list("accounts of a customer whom only theirs had", accounts_of(id_of("c1")),
             "DELETE FROM history WHERE tenant_id = $ours AND kind = 'customer';"
             "UPDATE history SET body = replace(body, 'foreign ', '') WHERE tenant_id = $theirs;",
             1),
        list("accounts as they were made", ordered(ListOrder::created_at, false), "", 1),
        list("accounts as they were made, newest first", ordered(ListOrder::created_at, true), "", 1),
        list("accounts as they changed", ordered(ListOrder::changed_at, false), "", 1),
        list("accounts as they changed, newest first", ordered(ListOrder::changed_at, true), "", 1),
        list("accounts by id, last first", ordered(ListOrder::id, true), "", 1),
        list("accounts that changed since a time before which only theirs has commits",
             changed_since_beginning(), "UPDATE commits SET at = 'epoch' WHERE tenant_id = $theirs;"),
        {"several accounts, one of which only theirs has",
         "DELETE FROM documents WHERE tenant_id = $ours AND document_id = '" + to_text(id_of("x3")) + "';",
         [](Transaction& tx) {
             return shown(postgres::read_batch(tx, {tx.tenant()}, EntityKind::account,
                                               std::vector{id_of("x1"), id_of("x3")}));
         }},

        {"a customer by the id of one that only theirs has, and by a profile",
         "DELETE FROM customers WHERE tenant_id = $ours AND customer_id = '" + to_text(id_of("c2")) +
             "'; DELETE FROM memberships WHERE tenant_id = $ours AND profile_id = '" + to_text(id_of("p5")) +
             "';",
         [](Transaction& tx) {
             return shown(postgres::customer_named(tx, {tx.tenant()}, id_of("c2"))) +
                    shown(postgres::customer_named(tx, {tx.tenant()}, id_of("p5"))) +
                    shown(postgres::customer_named(tx, {tx.tenant()}, id_of("p1")));
         }},
        {"accounts by name, where only theirs knows a profile, has access, is a member, or knows the account",
         "UPDATE entities SET normalized = NULL WHERE tenant_id = $ours AND provider_id = 'p3';"
         "DELETE FROM access WHERE tenant_id = $ours AND target_id = '" +
             to_text(id_of("x4")) + "'; DELETE FROM memberships WHERE tenant_id = $ours AND profile_id = '" +
             to_text(id_of("p5")) +
             "'; UPDATE entities SET provider_id = 'elsewhere' WHERE tenant_id = $ours AND "
             "provider_id = 'x1';",
         [](Transaction& tx) {
             std::string all;
             for (const char* name : {"x1", "x3", "x4", "x5"}) {
                 all += shown(
                     postgres::targets_named(tx, {tx.tenant()}, {id_of("c1"), EntityKind::account, name}));
             }
             return all;
         }},
        {"what was sent of a customer whom it belongs to only in theirs",
         "DELETE FROM memberships WHERE tenant_id = $ours AND profile_id = '" + to_text(id_of("p1")) + "';",
         [](Transaction& tx) {
             return shown(postgres::read_raw(tx, {tx.tenant()}, EntityKind::customer, id_of("c1")));
         }},
        {"what was sent of an account", "",
         [](Transaction& tx) {
             return shown(postgres::read_raw(tx, {tx.tenant()}, EntityKind::account, id_of("x1")));
         }},
        {"what was sent of an account whose payload only theirs has",
         "DELETE FROM raw_payloads WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::read_raw(tx, {tx.tenant()}, EntityKind::account, id_of("x1")));
         }},
        {"what is behind a customer", "",
         [](Transaction& tx) { return shown(postgres::read_explained(tx, id_of("c1"))); }},
        {"what is behind a customer whose profile has records only in theirs",
         "UPDATE records SET removed_at = now(), normalized = NULL WHERE tenant_id = $ours;",
         [](Transaction& tx) { return shown(postgres::read_explained(tx, id_of("c1"))); }},
        {"what is behind a customer whose payloads only theirs has",
         "DELETE FROM raw_payloads WHERE tenant_id = $ours;",
         [](Transaction& tx) { return shown(postgres::read_explained(tx, id_of("c1"))); }},
        {"an overview, where only theirs knows a profile, has access, or is a member",
         "UPDATE entities SET normalized = NULL WHERE tenant_id = $ours AND provider_id = 'p3';"
         "DELETE FROM access WHERE tenant_id = $ours AND target_id = '" +
             to_text(id_of("x4")) + "'; DELETE FROM memberships WHERE tenant_id = $ours AND profile_id = '" +
             to_text(id_of("p5")) + "';",
         [](Transaction& tx) { return shown(postgres::read_overview(tx, {tx.tenant()}, id_of("c1"))); }},
        first_page("a first page by id", ListOrder::id, false),
        first_page("a first page by id, the last one first", ListOrder::id, true),
        first_page("a first page by created_at", ListOrder::created_at, false),
        first_page("a first page by created_at, the last one first", ListOrder::created_at, true),
        first_page("a first page by changed_at", ListOrder::changed_at, false),
        first_page("a first page by changed_at, the last one first", ListOrder::changed_at, true),
        {"freshness", "", [](Transaction& tx) { return shown(postgres::read_freshness(tx, std::nullopt)); }},
    };
}

}  // namespace tributary::mutants
