#include "adapters/postgres/admin.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using domain::ports::ApiKey;
using postgres::Transaction;

namespace {

ApiKey key_of(const domain::Uuid& tenant) {
    ApiKey made;
    made.id = domain::named_uuid({}, "another key");
    made.tenant = tenant;
    made.prefix = "new";
    made.scopes = {"read"};
    return made;
}

const std::string hash_of_new_key(64, 'c');

}  // namespace

std::vector<Step> admin_steps() {
    return {
        {"a new tenant", "", [](Transaction& tx) { return shown(postgres::create_tenant(tx, "new")); },
         nobody},
        {"the tenants", "", [](Transaction& tx) { return shown(postgres::read_tenants(tx)); }, std::nullopt},
        {"a tenant by name", "",
         [](Transaction& tx) { return shown(postgres::read_tenant_named(tx, "ours")); }, std::nullopt},
        {"a new key", "",
         [](Transaction& tx) { return shown(postgres::create_key(tx, key_of(ours), hash_of_new_key)); }},
        {"a new key of no tenant", "",
         [](Transaction& tx) { return shown(postgres::create_key(tx, key_of(nobody), hash_of_new_key)); },
         nobody},
        {"the keys", "", [](Transaction& tx) { return shown(postgres::read_keys(tx, ours)); }},
        {"a page of keys", "", [](Transaction& tx) { return shown(postgres::read_key_page(tx, ours, {})); }},
        {"a tenant by id", "", [](Transaction& tx) { return shown(postgres::read_tenant(tx, ours)); },
         std::nullopt},
        {"a key", "", [](Transaction& tx) { return shown(postgres::read_key(tx, ours, key)); }},
        {"a key is rotated", "",
         [](Transaction& tx) {
             return shown(postgres::rotate_key(
                 tx, {ours, key, key_of(ours).id, "new", std::chrono::seconds(60)}, hash_of_new_key));
         }},
        {"a key is revoked", "", silently([](Transaction& tx) { postgres::revoke_key(tx, ours, key); })},
        {"whose key it is", "",
         [](Transaction& tx) { return shown(postgres::read_principal(tx, std::string(64, 'a'))); },
         std::nullopt},
    };
}

}  // namespace tributary::mutants
