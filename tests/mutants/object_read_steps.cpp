#include "adapters/postgres/object_reads.hpp"
#include "adapters/postgres/reads.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Uuid;
using postgres::Transaction;
using tests::id_of;

namespace {

ObjectKey key_of(std::string_view document, std::string stream, const Uuid& connection = shared) {
    return {id_of(document), {connection, std::move(stream)}};
}

/// What somebody reads of x1, in the third read and with the fence of `unleased`.
ObjectRead third_read(const Uuid& connection = shared) {
    return {key_of("x1", "accounts", connection), 3, 7,
            domain::Timestamp(std::chrono::seconds(4'000'000'000))};
}

/// `arranged` for connections that nobody has a lease of.
constexpr auto unleased = "UPDATE due_queue SET lease_owner = NULL, lease_until = NULL, fence = 7;";

/// `arranged` for a third read of x1 by a tenant, and a second one that came to something.
std::string reading(const std::string& tenant) {
    return "INSERT INTO object_reads VALUES (" + tenant + ", '" + to_text(id_of("x1")) +
           "', $shared, 'accounts', 3, '2099-01-01', '2001-01-01');";
}

std::string both_reading() {
    return reading("$theirs") + reading("$ours");
}

std::string without_members(const std::string& condition) {
    return "DELETE FROM memberships WHERE tenant_id = $ours AND profile_id " + condition + ";";
}

Step claim(std::string name, const std::string& arranged, const ObjectKey& key) {
    return {std::move(name), unleased + arranged, [key](Transaction& tx) {
                return shown(postgres::claim_object(tx, key, domain::Timestamp(std::chrono::seconds(1)),
                                                    std::chrono::seconds(60)));
            }};
}

Step settle(std::string name, const Uuid& connection) {
    return {std::move(name), unleased + both_reading(), silently([connection](Transaction& tx) {
                postgres::settle_object_read(tx, third_read(connection));
            })};
}

}  // namespace

std::vector<Step> object_read_steps() {
    const std::string p3 = "'" + to_text(id_of("p3")) + "'";
    const std::string x1 = "'" + to_text(id_of("x1")) + "'";
    return {
        claim("an account is claimed to be read", "", key_of("x1", "accounts")),
        claim("an account is claimed that only theirs reads, and has read", reading("$theirs"),
              key_of("x1", "accounts")),
        claim("an account of a connection that is theirs to schedule is claimed", "",
              key_of("x1", "accounts", lent)),
        claim("an account is claimed of which only theirs is told by another object",
              "UPDATE access SET provider_id = 'k2' WHERE tenant_id = $theirs AND target_id = " + x1 + ";",
              key_of("x1", "accounts")),
        claim("a customer is claimed", "", key_of("c1", "users")),
        claim("a customer is claimed whose profile with a record is a member only in theirs",
              without_members("= '" + to_text(id_of("p1")) + "'"), key_of("c1", "users")),
        claim("a customer is claimed whose profiles with access are members only in theirs",
              without_members("<> " + p3) + "UPDATE records SET entity_id = " + p3 +
                  " WHERE tenant_id = $ours AND provider_id = 'k3';"
                  "DELETE FROM access WHERE tenant_id = $ours AND profile_id = " +
                  p3 + ";",
              key_of("c1", "accounts")),
        {"a look at an account that only theirs reads", reading("$theirs"),
         [](Transaction& tx) { return shown(postgres::look_at_object(tx, third_read().key)); }},
        {"a look at an account that both read", both_reading(),
         [](Transaction& tx) { return shown(postgres::look_at_object(tx, third_read().key)); }},
        {"a read is given up", both_reading(),
         silently([](Transaction& tx) { postgres::give_up_object(tx, third_read()); })},
        settle("a read is settled", shared),
        settle("a read of a connection that is theirs to schedule is settled", lent),
        {"freshness of an account that only theirs has read by itself", reading("$theirs"),
         [](Transaction& tx) { return shown(postgres::read_freshness(tx, id_of("x1"))); }},
    };
}

}  // namespace tributary::mutants
