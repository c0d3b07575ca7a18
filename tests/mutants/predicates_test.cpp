#include <doctest/doctest.h>

#include <map>

#include "tests/mutants/predicates.hpp"

using namespace tributary::mutants;

TEST_CASE("each tenant predicate of a statement is taken out by itself, with its parameter left in use") {
    const std::string sql =
        "INSERT INTO a (tenant_id, id) SELECT $1::uuid, b.id FROM b JOIN c ON c.tenant_id = b.tenant_id "
        "WHERE b.tenant_id = $1 AND b.id = $2 ON CONFLICT (tenant_id, id) DO NOTHING";
    const auto predicates = tenant_predicates(sql);
    REQUIRE(predicates.size() == 3);
    CHECK(without(sql, predicates[0]).contains("JOIN c ON true WHERE b.tenant_id = $1"));
    CHECK(without(sql, predicates[1]).contains("b.tenant_id WHERE ($1::uuid IS NOT NULL) AND b.id = $2"));
    CHECK(without(sql, predicates[2]).contains("ON CONFLICT (id) DO NOTHING"));
    CHECK(without_conditions(sql).contains("ON true WHERE ($1::uuid IS NOT NULL) AND"));
    CHECK(without_conditions(sql).contains("ON CONFLICT (tenant_id, id)"));
    CHECK(unreadable_part(sql).empty());
}

TEST_CASE("a tenant predicate in a form that nobody can take out is told") {
    CHECK_FALSE(unreadable_part("SELECT 1 FROM a WHERE tenant_id = ANY($1)").empty());
    CHECK_FALSE(unreadable_part("SELECT 1 FROM a WHERE $1 = tenant_id").empty());
    CHECK_FALSE(unreadable_part("SELECT 1 FROM a JOIN b USING (tenant_id, id)").empty());
    CHECK_FALSE(unreadable_part("SELECT 1 FROM a WHERE (tenant_id, id) IN (SELECT 1, 2)").empty());
    CHECK_FALSE(unreadable_part("SELECT 1 FROM a WHERE tenant_id IS NOT DISTINCT FROM $1").empty());
    CHECK_FALSE(unreadable_part("INSERT INTO a SELECT 1 ON CONFLICT (id, tenant_id) DO NOTHING").empty());
    CHECK(unreadable_part("SELECT tenant_id, name FROM tenants WHERE name = $1 RETURNING tenant_id").empty());
}
