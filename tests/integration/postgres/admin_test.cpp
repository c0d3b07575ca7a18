#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using namespace std::chrono_literals;

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
    CHECK(good(admin.tenant(made.id)).name == "acme");
    CHECK(error_of(admin.tenant(id_of("nobody"))) == "not_found");
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

TEST_CASE_FIXTURE(StoreFixture, "a rotated key goes on for the grace, beside one with the same scopes") {
    auto& admin = store.admin();
    good(admin.create_key(key(tenant, "old"), hash_of('8')));
    const ApiKey made =
        good(admin.rotate_key({tenant, id_of("old"), id_of("new"), "trb_new", 3600s}, hash_of('9')));
    CHECK(made.scopes == std::vector<std::string>{"read", "sync"});
    CHECK(made.prefix == "trb_new");
    CHECK_FALSE(made.expires_at);
    CHECK(good(admin.principal_of(hash_of('8'))).key_id == id_of("old"));
    CHECK(good(admin.principal_of(hash_of('9'))).key_id == id_of("new"));
    const ApiKey old = good(admin.key(tenant, id_of("old")));
    CHECK(old.replaced_by == id_of("new"));
    CHECK(old.expires_at == made.created_at + 3600s);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a key that expires is rotated into one that lives as long, and ends no later") {
    auto& admin = store.admin();
    ApiKey brief = key(tenant, "brief");
    brief.expires_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + 2h;
    const ApiKey stored = good(admin.create_key(brief, hash_of('a')));
    const ApiKey made = good(admin.rotate_key({tenant, brief.id, id_of("next"), "trb_n", 24h}, hash_of('b')));
    CHECK(*made.expires_at - made.created_at == *stored.expires_at - stored.created_at);
    CHECK(good(admin.key(tenant, brief.id)).expires_at == stored.expires_at);
}

TEST_CASE_FIXTURE(StoreFixture, "a key without grace ends with its rotation") {
    auto& admin = store.admin();
    good(admin.create_key(key(tenant, "leaked"), hash_of('c')));
    good(admin.rotate_key({tenant, id_of("leaked"), id_of("fresh"), "trb_f", 0s}, hash_of('d')));
    CHECK(error_of(admin.principal_of(hash_of('c'))) == "unauthenticated");
    CHECK(good(admin.principal_of(hash_of('d'))).key_id == id_of("fresh"));
}

TEST_CASE_FIXTURE(StoreFixture, "a key is rotated once, while it lives, by its tenant") {
    auto& admin = store.admin();
    good(admin.create_key(key(tenant, "one"), hash_of('e')));
    const auto rotate = [&](const domain::Uuid& of, std::string_view name, std::string_view made,
                            char digit) {
        return error_of(
            admin.rotate_key({of, id_of(name), id_of(made), "trb_x", 1h}, std::string(63, 'f') + digit));
    };
    CHECK(rotate(id_of("another tenant"), "one", "two", '1') == "not_found");
    CHECK(rotate(tenant, "nobody's", "two", '1') == "not_found");
    good(admin.rotate_key({tenant, id_of("one"), id_of("two"), "trb_2", 1h}, std::string(63, 'f') + '2'));
    CHECK(rotate(tenant, "one", "three", '3') == "conflict");
    good(admin.revoke_key(tenant, id_of("two")));
    CHECK(rotate(tenant, "two", "three", '3') == "conflict");
    CHECK(good(admin.keys(tenant)).size() == 2);
}

TEST_CASE_FIXTURE(StoreFixture, "keys come page by page, those of one's own tenant alone") {
    auto& admin = store.admin();
    std::vector<domain::Uuid> made;
    for (const char digit : {'0', '1', '2', '3', '4'}) {
        ApiKey one = key(tenant, std::string("page") + digit);
        made.push_back(one.id);
        good(admin.create_key(one, std::string(63, '0') + digit));
    }
    std::ranges::sort(made);
    std::vector<domain::Uuid> seen;
    KeyQuery query{2};
    for (int i = 0; i < 3; ++i) {
        for (const ApiKey& one : good(admin.key_page(tenant, query))) {
            seen.push_back(one.id);
        }
        query.after = seen.back();
    }
    CHECK(seen == made);
    CHECK(good(admin.key_page(tenant, query)).empty());
    CHECK(good(admin.key_page(id_of("another tenant"), {})).empty());
    CHECK(error_of(admin.key(id_of("another tenant"), made[0])) == "not_found");
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
