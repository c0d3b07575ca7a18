#include <doctest/doctest.h>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;

namespace {

std::int64_t count(StoreFixture& fixture, std::optional<domain::Uuid> as, const std::string& table) {
    return good(fixture.store.pool().run({as}, [&table](postgres::Transaction& tx) {
        return postgres::Row(tx.exec("SELECT count(*) FROM " + table)[0]).number(0);
    }));
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture,
                  "a statement that forgets the tenant still sees and writes its own rows alone") {
    if (value("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = '" +
              good(store.pool().run({},
                                    [](postgres::Transaction& tx) {
                                        return postgres::Row(tx.exec("SELECT current_user")[0]).text(0);
                                    })) +
              "'") == "t") {
        MESSAGE("the given server's role is exempt from row-level security: not tested");
        return;
    }
    StoreFixture other;
    other.connect("theirs");
    connect("ours");
    CHECK(count(*this, tenant, "connections") == 1);
    CHECK(count(*this, std::nullopt, "connections") == 0);
    const auto intrusion = run_task(store.pool().run({tenant}, [&other](postgres::Transaction& tx) {
        tx.exec("INSERT INTO feed_head (tenant_id, commit_no, at) VALUES ($1, 1, now())", other.tenant);
    }));
    CHECK(error_of(intrusion) == "configuration");
    good(store.pool().run({tenant}, [](postgres::Transaction& tx) { tx.exec("DELETE FROM connections"); }));
    CHECK(count(other, other.tenant, "connections") == 1);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "every table with a tenant is behind the wall, and its keys begin with the tenant") {
    CHECK(value("SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                "'public'::regnamespace"
                " AND NOT (relrowsecurity AND relforcerowsecurity)"
                " AND relname NOT IN ('tenants', 'due_queue', 'webhook_queue', 'action_queue', "
                "'schema_migrations', "
                "'sealing_key')") == "");
    CHECK(
        value("SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index i JOIN pg_class c ON c.oid = "
              "i.indrelid"
              " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
              " WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND a.attname <> 'tenant_id'"
              " AND c.relname NOT IN ('tenants', 'api_keys', 'due_queue', 'webhook_queue', 'action_queue', "
              "'schema_migrations', 'sealing_key')") == "");
}
