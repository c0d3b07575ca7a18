#include <doctest/doctest.h>

#include "domain/content_hash.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::ports::ApiKey;

namespace {

/// The store of a program that forgot to ask whose keys they are.
struct Forgetful : StoreFixture {
    postgres::Store forgetful{options(), random};
    const domain::Uuid neighbour = id_of("neighbour of " + to_text(tenant));
    ApiKey theirs;

    Forgetful() {
        good(store.admin().create_tenant(neighbour, to_text(neighbour)));
        theirs.id = id_of("key of " + to_text(neighbour));
        theirs.tenant = neighbour;
        theirs.prefix = "trb_theirs";
        theirs.scopes = {"read"};
        good(store.admin().create_key(theirs, domain::content_hash(to_text(theirs.id))));
    }

    static postgres::PoolOptions options() {
        postgres::PoolOptions options = pool_options(1);
        options.rewrite = [](std::string sql) {
            for (const std::string_view predicate = "tenant_id = $1"; sql.contains(predicate);) {
                sql.replace(sql.find(predicate), predicate.size(), "$1::uuid IS NOT NULL");
            }
            return sql;
        };
        return options;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Forgetful,
                  "keys of another tenant are behind the second wall, however they are asked for") {
    domain::ports::AdminStore& admin = forgetful.admin();
    CHECK(good(admin.keys(tenant)).empty());
    CHECK(good(admin.key_page(tenant, {})).empty());
    CHECK(error_of(admin.key(tenant, theirs.id)) == "not_found");
    CHECK(error_of(admin.rotate_key({tenant, theirs.id, id_of("new"), "trb_new", std::chrono::seconds(60)},
                                    domain::content_hash("new"))) == "not_found");
    CHECK(error_of(admin.revoke_key(tenant, theirs.id)) == "not_found");
    CHECK(good(admin.key_page(neighbour, {})).size() == 1);
}
