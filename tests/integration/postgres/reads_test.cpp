#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;

namespace {

/// A customer "ada" of one profile, with access to an account, a sub-account and a group; and an account of
/// somebody else.
struct Population : StoreFixture {
    Population() {
        std::string ada = R"({"id":"ada","access":[)";
        for (const auto& [kind, name] :
             {std::pair("account", "account"), std::pair("sub_account", "sub"),
              std::pair("account_group", "group"), std::pair("account", "closed")}) {
            ada += std::string(ada.ends_with('[') ? "" : ",") + R"({"kind":")" + kind + R"(","id":")" +
                   to_text(id_of(name)) + R"("})";
        }
        ada += "]}";
        must([&ada](PageTransaction& page) {
            good(page.lock_customers(std::vector{id_of("ada"), id_of("ada-2"), id_of("ada-3")}));
            good(page.write_memberships(std::vector<Membership>{{id_of("profile"), id_of("ada")}}));
            good(page.lock_entities(std::vector{anchor(EntityKind::profile, "profile")}));
            good(page.write_entities(std::vector<EntityWrite>{{id_of("profile"), "{}", std::nullopt}}));
            RecordWrite one = record("p", "profile", "{}");
            one.access = {{id_of("profile"), EntityKind::account, id_of("account"), "{}"},
                          {id_of("profile"), EntityKind::sub_account, id_of("sub"), "{}"},
                          {id_of("profile"), EntityKind::account_group, id_of("group"), "{}"},
                          {id_of("profile"), EntityKind::account, id_of("closed"), "{}"}};
            RecordWrite other = record("o", "another", "{}");
            other.access = {{id_of("another"), EntityKind::account, id_of("stranger"), "{}"}};
            good(page.write_memberships(std::vector<Membership>{{id_of("another"), id_of("ada-3")}}));
            good(page.lock_entities(std::vector{anchor(EntityKind::profile, "another")}));
            good(page.write_entities(std::vector<EntityWrite>{{id_of("another"), "{}", std::nullopt}}));
            good(page.write_records({id_of("connection"), "users"}, std::vector{one, other}));
            DocumentWrite closed = document(EntityKind::account, "closed", "{}");
            closed.removed = true;
            good(page.commit_documents(by_operator,
                                       std::vector{document(EntityKind::customer, "ada", ada),
                                                   document(EntityKind::account, "account", "{}"),
                                                   document(EntityKind::sub_account, "sub", "{}"),
                                                   document(EntityKind::account_group, "group", "{}"),
                                                   document(EntityKind::account, "stranger", "{}"), closed}));
        });
    }
};

/// A store whose every statement runs in the same session.
struct OneSession : StoreFixture {
    OneSession() : StoreFixture(1) {}
};

}  // namespace

TEST_CASE_FIXTURE(Population, "a document is found by kind and id together") {
    const auto read = good(store.reads().document({tenant}, {EntityKind::account, id_of("account")}));
    CHECK(read.document.value().id == id_of("account"));
    CHECK_FALSE(good(store.reads().document({tenant}, {EntityKind::customer, id_of("account")})).document);
    CHECK_FALSE(good(store.reads().document({tenant}, {EntityKind::account, id_of("absent")})).document);
    CHECK(good(store.reads().document({tenant}, {EntityKind::account, id_of("closed")}))
              .document.value()
              .removed);
}

TEST_CASE_FIXTURE(OneSession, "a walk reads what changed since its moment, not the whole history") {
    database.run(
        "INSERT INTO history SELECT '" + to_text(tenant) +
        "', 'account', gen_random_uuid(), n, n + 1, 1, NULL, repeat('x', 500), '', '{}', now(), now() FROM "
        "generate_series(1, 5000) n");
    database.run("UPDATE feed_head SET commit_no = 5001 WHERE tenant_id = '" + to_text(tenant) + "'");
    database.run("ANALYZE history");
    const std::string scans =
        "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'history_by_end'";
    const std::string before = database.value(scans);
    ListQuery query = list_of(EntityKind::account);
    database.run("INSERT INTO commits SELECT '" + to_text(tenant) +
                 "', 4990, now(), 'run', gen_random_uuid()");
    CHECK(good(store.reads().list({tenant, 4990}, query)).documents.size() == 1);
    good(store.pool().run({},
                          [](postgres::Transaction& tx) { tx.exec("SELECT pg_stat_force_next_flush()"); }));
    CHECK(database.value(scans) != before);
}

TEST_CASE_FIXTURE(Population, "a merged customer answers with where it went, over several merges") {
    must([](PageTransaction& page) {
        good(page.write_redirects(std::vector<CustomerState>{{id_of("ada-3"), {}, id_of("ada-2")},
                                                             {id_of("ada-2"), {}, id_of("ada")}}));
    });
    const auto read = good(store.reads().document({tenant}, {EntityKind::customer, id_of("ada-3")}));
    CHECK_FALSE(read.document);
    CHECK(read.redirect_to == id_of("ada"));
    CHECK(good(store.reads().overview({tenant}, id_of("ada-2"))).customer.redirect_to == id_of("ada"));
    CHECK_FALSE(good(store.reads().document({tenant}, {EntityKind::customer, id_of("ada")})).redirect_to);
}

TEST_CASE_FIXTURE(Population, "several customers at once come as what they became") {
    must([](PageTransaction& page) {
        good(page.write_redirects(std::vector<CustomerState>{{id_of("ada-2"), {}, id_of("ada")}}));
    });
    const auto read = good(
        store.reads().batch({tenant}, EntityKind::customer, {id_of("ada-2"), id_of("ada"), id_of("ada-3")}));
    CHECK(read.documents.at(0).value().id == id_of("ada"));
    CHECK(read.documents.at(1).value().id == id_of("ada"));
    CHECK_FALSE(read.documents.at(2));
}

TEST_CASE_FIXTURE(Population,
                  "a customer is named by its id, one that it was merged from, or one of its profiles") {
    must([](PageTransaction& page) {
        good(page.write_redirects(std::vector<CustomerState>{{id_of("ada-2"), {}, id_of("ada")}}));
    });
    for (const char* name : {"ada", "ada-2", "profile"}) {
        CHECK(good(store.reads().customer_named({tenant}, id_of(name))) == id_of("ada"));
    }
    CHECK_FALSE(good(store.reads().customer_named({tenant}, id_of("account"))));
}

TEST_CASE_FIXTURE(Population,
                  "what a customer has is found by its provider's id, with or without provider, or by ours") {
    must([](PageTransaction& page) {
        good(page.lock_entities(std::vector{anchor(EntityKind::account, "account"),
                                            anchor(EntityKind::account, "stranger"),
                                            anchor(EntityKind::sub_account, "sub")}));
    });
    const auto named = [this](EntityKind kind, std::string name) {
        return good(store.reads().targets_named({tenant}, {id_of("ada"), kind, std::move(name)}));
    };
    const std::vector found{id_of("account")};
    CHECK(named(EntityKind::account, "account") == found);
    CHECK(named(EntityKind::account, "upvest:account") == found);
    CHECK(named(EntityKind::account, to_text(id_of("account"))) == found);
    CHECK(named(EntityKind::account, "tdx:account").empty());
    CHECK(named(EntityKind::account, "ACCOUNT").empty());
    CHECK(named(EntityKind::account, "stranger").empty());
    CHECK(named(EntityKind::account, "sub").empty());

    // Numbers of two providers may be the same.
    must([](PageTransaction& page) {
        good(page.lock_entities(std::vector<EntityAnchor>{
            {id_of("closed"), EntityKind::account, "tdx", domain::ProviderEnvironment::sandbox, "account"}}));
    });
    const std::vector both{std::min(id_of("account"), id_of("closed")),
                           std::max(id_of("account"), id_of("closed"))};
    CHECK(named(EntityKind::account, "account") == both);
    CHECK(named(EntityKind::account, "upvest:account") == found);
    CHECK(named(EntityKind::account, "tdx:account") == std::vector{id_of("closed")});
}

TEST_CASE_FIXTURE(Population, "a ring of redirects is told, not followed for ever") {
    must([](PageTransaction& page) {
        good(page.write_redirects(std::vector<CustomerState>{{id_of("ada-3"), {}, id_of("ada-2")},
                                                             {id_of("ada-2"), {}, id_of("ada-3")}}));
    });
    CHECK(error_of(store.reads().document({tenant}, {EntityKind::customer, id_of("ada-3")})) == "internal");
}

TEST_CASE_FIXTURE(Population,
                  "an overview holds the customer and what its profiles may touch, removed ones aside") {
    const OverviewRead overview = good(store.reads().overview({tenant}, id_of("ada")));
    CHECK(overview.customer.document.value().id == id_of("ada"));
    REQUIRE(overview.accounts.size() == 1);
    CHECK(overview.accounts[0].id == id_of("account"));
    CHECK(overview.sub_accounts.size() == 1);
    CHECK(overview.account_groups.size() == 1);
    const OverviewRead nobody = good(store.reads().overview({tenant}, id_of("nobody")));
    CHECK_FALSE(nobody.customer.document);
    CHECK(nobody.accounts.empty());
}

TEST_CASE_FIXTURE(Population, "a list of one customer shows only what its document names") {
    ListQuery query = list_of(EntityKind::account);
    query.customer = id_of("ada");
    const auto page_read = good(store.reads().list({tenant}, query));
    REQUIRE(page_read.documents.size() == 1);
    CHECK(page_read.documents[0].id == id_of("account"));
    query.include_removed = true;
    CHECK(good(store.reads().list({tenant}, query)).documents.size() == 2);
    query.customer = id_of("nobody");
    CHECK(good(store.reads().list({tenant}, query)).documents.empty());
    query = list_of(EntityKind::account);
    CHECK(good(store.reads().list({tenant}, query)).documents.size() == 2);
}

TEST_CASE_FIXTURE(StoreFixture, "a list of an unknown tenant is an error, of an empty one is empty") {
    CHECK(error_of(store.reads().list({id_of("no tenant")}, list_of(EntityKind::account))) == "not_found");
    const auto empty = good(store.reads().list({tenant}, list_of(EntityKind::account)));
    CHECK(empty.documents.empty());
    CHECK_FALSE(empty.more);
    CHECK(empty.moment.number == 0);
}
