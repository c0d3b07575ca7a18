#include <doctest/doctest.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;

namespace {

ApiKey key(const domain::Uuid& tenant, std::string_view name) {
    ApiKey made;
    made.id = id_of(name);
    made.tenant = tenant;
    made.prefix = "trb_abc";
    made.scopes = {"read", "sync"};
    return made;
}

std::string hash_of(char digit) {
    return std::string(64, digit);
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "a tenant is found by its name, which nobody else can take") {
    auto& admin = store.admin();
    const Tenant made = good(admin.create_tenant(id_of("t-acme"), "acme"));
    CHECK(good(admin.tenant_named("acme")).id == made.id);
    CHECK(good(admin.tenant_named("acme")).created_at == made.created_at);
    CHECK(error_of(admin.create_tenant(id_of("t-other"), "acme")) == "conflict");
    CHECK(error_of(admin.tenant_named("nobody")) == "not_found");
    for (const char* name : {"", "a b", "\xC3\xA9", "a/b"}) {
        CHECK(error_of(admin.create_tenant(id_of("t-bad"), name)) == "invalid_input");
    }
    bool listed = false;
    for (const Tenant& tenant_listed : good(admin.tenants())) {
        listed = listed || tenant_listed.id == made.id;
    }
    CHECK(listed);
}

TEST_CASE_FIXTURE(StoreFixture, "a key speaks for its tenant until it is revoked") {
    auto& admin = store.admin();
    good(admin.create_key(key(tenant, "key-1"), hash_of('1')));
    const Principal principal = good(admin.principal_of(hash_of('1')));
    CHECK(principal.tenant == tenant);
    CHECK(principal.key_id == id_of("key-1"));
    CHECK(principal.scopes == std::vector<std::string>{"read", "sync"});
    CHECK(error_of(admin.principal_of(hash_of('2'))) == "unauthenticated");

    CHECK(error_of(admin.revoke_key(id_of("another tenant"), id_of("key-1"))) == "not_found");
    good(admin.revoke_key(tenant, id_of("key-1")));
    const auto revoked_at = good(admin.keys(tenant)).at(0).revoked_at;
    CHECK(revoked_at);
    good(admin.revoke_key(tenant, id_of("key-1")));
    CHECK(good(admin.keys(tenant)).at(0).revoked_at == revoked_at);
    CHECK(error_of(admin.principal_of(hash_of('1'))) == "unauthenticated");
}

TEST_CASE_FIXTURE(StoreFixture, "a key that expired speaks for nobody") {
    ApiKey expired = key(tenant, "key-3");
    expired.scopes = {};
    expired.expires_at = domain::parse_timestamp("2020-01-01T00:00:00Z");
    good(store.admin().create_key(expired, hash_of('3')));
    CHECK(error_of(store.admin().principal_of(hash_of('3'))) == "unauthenticated");
    CHECK(good(store.admin().keys(tenant)).at(0).scopes.empty());
}

TEST_CASE_FIXTURE(StoreFixture, "a key is made once, for a tenant that exists, with scopes that are words") {
    auto& admin = store.admin();
    good(admin.create_key(key(tenant, "key-4"), hash_of('4')));
    CHECK(error_of(admin.create_key(key(tenant, "key-5"), hash_of('4'))) == "conflict");
    CHECK(error_of(admin.create_key(key(id_of("nobody"), "key-6"), hash_of('6'))) == "not_found");
    ApiKey spaced = key(tenant, "key-7");
    spaced.scopes = {"read write"};
    CHECK(error_of(admin.create_key(spaced, hash_of('7'))) == "invalid_input");
}

TEST_CASE(
    "readiness is told within two seconds by a database that does not answer, and by one without time") {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    postgres::PoolOptions options;
    options.url = "host=127.0.0.1 dbname=x sslmode=disable connect_timeout=30 port=" +
                  std::to_string(silent.local_endpoint().port());
    options.threads = 1;
    SeededRandom random;
    postgres::Store away(options, random);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(error_of(away.admin().ready()) == "timed_out");
    // Far from both: 2 s for the answer, 15 s and more without a deadline of its own.
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(8));
    silent.close();
}

TEST_CASE_FIXTURE(StoreFixture, "the store is ready where the schema is the program's") {
    good(store.admin().ready());
}
