#include "tests/e2e/authorization/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/content_hash.hpp"
#include "domain/ids.hpp"
#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

const std::string every_scope = "read,personal,raw,sync,actions,operations,admin";

std::string sql_text(const std::string& text) {
    return "'" + text + "'";
}

}  // namespace

AuthorizationWorld::AuthorizationWorld() {
    settings_ = system_.settings();
    settings_.port = tests::free_port();
    settings_.admin_port = tests::free_port();
    settings_.issuer = "https://issuer.example";
    settings_.audience = "tributary";
    settings_.jwks_file = folder_.file("jwks.json", tests::jwks_text(signer_));
    replica_ = system_.serve(settings_);
    system_.command({"tenant", "create", "neighbour", "--json"});
    for (const std::string tenant : {"main", "neighbour"}) {
        everything_.try_emplace(tenant, settings_.port, system_.make_key(tenant, every_scope),
                                system_.secrets());
        tenants_[tenant] =
            system_.database().value("SELECT tenant_id FROM tenants WHERE name = " + sql_text(tenant));
    }
    fill("main");
    fill("neighbour");
    const auto bearer = [](const std::string& text) { return "Bearer " + text; };
    const std::string expired = system_.make_key("main", every_scope);
    system_.database().run("UPDATE api_keys SET expires_at = created_at WHERE prefix = " +
                           sql_text(expired.substr(0, 10)));
    tests::JwtGrant job;
    job.scope = "sync";
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const std::string token = signer_.sign(tests::jwt_claims(job, now));
    principals_ = {
        {"nobody", "", "", {}},
        {"expired", bearer(expired), "", {}},
        {"reader", bearer(system_.make_key("main", "read")), "main", {"read"}},
        {"analyst",
         bearer(system_.make_key("main", "read,personal,raw")),
         "main",
         {"read", "personal", "raw"}},
        {"operator",
         bearer(system_.make_key("main", "read,actions,operations")),
         "main",
         {"read", "actions", "operations"}},
        {"admin", bearer(system_.make_key("main", "admin")), "main", {"admin"}},
        {"job", bearer(token), "main", {"sync"}},
        {"stranger",
         bearer(system_.make_key("neighbour", every_scope)),
         "neighbour",
         {"read", "personal", "raw", "sync", "actions", "operations", "admin"}},
    };
}

void AuthorizationWorld::fill(const std::string& tenant) {
    for (const json::Value& listed : system_.sandbox().connections()) {
        const std::string provider = text(listed, "provider");
        json::Object body = *listed.if_object();
        json::set(body, "schedule", "manual");
        json::set(body, "name", "authorization-" + provider);
        bodies_.try_emplace(provider, body);
    }
    if (tenant == "main") {
        connection_[tenant] = system_.connections().at("tasty-01");
        return;
    }
    for (const auto& [provider, body] : bodies_) {
        const Answer made = everything_.at(tenant).post("/v1/connections", body);
        REQUIRE_MESSAGE(made.status == 201, made.body);
        connection_[tenant] = text(made.json, "id");
    }
    system_.command({"sync", "--tenant", tenant, "--wait", "--json"});
}

std::string AuthorizationWorld::first_of(const std::string& path, const std::string& tenant) {
    const Answer page = everything_.at(tenant).get(path + (path.contains('?') ? "&" : "?") + "page_size=1");
    REQUIRE_MESSAGE(page.status == 200, page.body);
    REQUIRE_FALSE(array(page.json, "items").empty());
    return text(array(page.json, "items").front(), "id");
}

AuthorizationWorld::Held AuthorizationWorld::held(Subject holder, const std::string& tenant) {
    const std::string path = holder == Subject::holder_of_account       ? "/v1/accounts"
                             : holder == Subject::holder_of_sub_account ? "/v1/sub-accounts"
                                                                        : "/v1/account-groups";
    const Answer page = everything_.at(tenant).get(path);
    for (const json::Value& object : array(page.json, "items")) {
        for (const char* member : {"access", "users"}) {
            if (find(object, member) == nullptr) continue;
            for (const json::Value& person : array(object, member)) {
                if (find(person, "customer_id") == nullptr) continue;
                return {text(person, "customer_id"), text(object, "id")};
            }
        }
    }
    FAIL("nobody has anything of " << path);
    return {};
}

std::string AuthorizationWorld::insert(const std::string& tenant, const std::string& table_and_values) {
    const std::string id = to_text(domain::named_uuid({}, "authorization-" + std::to_string(++made_)));
    std::string statement = "INSERT INTO " + table_and_values;
    for (const auto& [place, value] :
         {std::pair("$tenant", sql_text(tenants_.at(tenant))), std::pair("$id", sql_text(id)),
          std::pair("$connection", sql_text(connection_.at(tenant))),
          std::pair("$unique", sql_text("s" + std::to_string(made_)))}) {
        for (auto at = statement.find(place); at != std::string::npos; at = statement.find(place)) {
            statement.replace(at, std::string_view(place).size(), value);
        }
    }
    system_.database().run(statement);
    return id;
}

const std::pair<std::string, std::string>& AuthorizationWorld::pair_of(const std::string& tenant) {
    auto& pair = pairs_[tenant];
    if (pair.first.empty()) {
        const std::vector<json::Value> customers = everything_.at(tenant).list("/v1/customers", 1000);
        REQUIRE(customers.size() > 1);
        const auto profile_at = [&](std::size_t from_the_end) {
            return text(array(customers.at(customers.size() - from_the_end), "profiles").front(), "id");
        };
        pair = std::minmax({profile_at(1), profile_at(2)});
    }
    return pair;
}

std::string AuthorizationWorld::link_pair(const std::string& tenant) {
    Api& api = everything_.at(tenant);
    const auto& [low, high] = pair_of(tenant);
    const auto parsed = [](const std::string& id) { return *domain::parse_uuid(id); };
    const std::string id =
        to_text(domain::identity_link_id(parsed(tenants_.at(tenant)), parsed(low), parsed(high)));
    api.post("/v1/identity/links/" + id + "/reopen");
    const Answer made =
        api.post("/v1/identity/links",
                 json::Object{{"profile_ids", json::Array{json::Value(low), json::Value(high)}}});
    REQUIRE_MESSAGE(made.status == 200, made.body);
    return id;
}

json::Value AuthorizationWorld::partner_of(const std::string& profile) {
    for (const auto& [tenant, pair] : pairs_) {
        if (pair.first == profile) {
            return pair.second;
        }
    }
    return "0190d0c0-0000-7000-8000-00000000beef";
}

std::string AuthorizationWorld::id_of(Subject subject, const std::string& tenant) {
    switch (subject) {
        case Subject::nothing:
            return "";
        case Subject::customer:
            return first_of("/v1/customers", tenant);
        case Subject::account:
            return first_of("/v1/accounts", tenant);
        case Subject::sub_account:
            return first_of("/v1/sub-accounts", tenant);
        case Subject::account_group:
            return first_of("/v1/account-groups", tenant);
        case Subject::active_account_group:
            return first_of("/v1/account-groups?status=active", tenant);
        case Subject::holder_of_account:
        case Subject::holder_of_sub_account:
        case Subject::holder_of_account_group:
            return held(subject, tenant).customer;
        case Subject::run:
            return first_of("/v1/runs", tenant);
        case Subject::provider:
            return "upvest";
        case Subject::page:
            return "";
        case Subject::connection: {
            std::string& one = repairable_[tenant];
            if (one.empty()) one = id_of(Subject::new_connection, tenant);
            return one;
        }
        case Subject::new_connection: {
            const Answer made = everything_.at(tenant).post("/v1/connections", new_connection());
            REQUIRE_MESSAGE(made.status == 201, made.body);
            return text(made.json, "id");
        }
        case Subject::key: {
            const Answer made = everything_.at(tenant).post(
                "/v1/keys", json::Object{{"scopes", json::Array{json::Value("admin")}}});
            REQUIRE_MESSAGE(made.status == 201, made.body);
            return text(made.json, "id");
        }
        case Subject::own_profile:
            return system_.database().value(
                "SELECT e.entity_id FROM connections c JOIN entities e ON e.tenant_id = c.tenant_id AND "
                "e.provider = c.provider AND e.provider_id = c.self_profile WHERE e.kind = 'profile' AND "
                "c.name IN ('tdx-01', 'authorization-tdx') AND c.tenant_id = " +
                sql_text(tenants_.at(tenant)));
        case Subject::upvest_profile:
            return system_.database().value(
                "SELECT entity_id FROM entities WHERE kind = 'profile' AND provider = 'upvest' AND "
                "normalized IS NOT NULL AND tenant_id = " +
                sql_text(tenants_.at(tenant)) + " ORDER BY entity_id LIMIT 1");
        case Subject::action:
            return insert(
                tenant,
                "actions (tenant_id, action_id, key_hash, fingerprint, kind, connection_id, subject_kind, "
                "subject_id, provider_subject, requested_by, state, attempts, tries, object_id, error_code, "
                "error_detail, created_at, updated_at, ended_at, expires_at) VALUES ($tenant, $id, $unique, "
                "'', 'put_preferences', $connection, 'profile', $id, '', 'nobody', 'succeeded', 1, 0, '', "
                "'', '', now(), now(), now(), now() + interval '1 day')");
        case Subject::proposal:
            return insert(tenant,
                          "proposals (tenant_id, run_id, stream, connection_id, last_run_id, live, "
                          "candidates, keys_hash, "
                          "state, created_at) VALUES ($tenant, $id, $unique, $connection, $id, 9, 1, '', "
                          "'pending', now())");
        case Subject::link:
            return link_pair(tenant);
        case Subject::profile:
            link_pair(tenant);
            return pair_of(tenant).first;
        case Subject::drift:
            return insert(
                tenant,
                "drift VALUES ($tenant, $id, 'tdx', 'users', 'new_field', $unique, 'string', 'open', now(), "
                "now(), 1, $connection, $id)");
        case Subject::quarantined:
            return insert(
                tenant,
                "quarantine (tenant_id, connection_id, stream, content_hash, raw, reason, first_seen_at, "
                "quarantine_id) VALUES ($tenant, $connection, $unique, sha256($id::bytea), '{}', 'no key', "
                "now(), $id)");
    }
    return "";
}

json::Object AuthorizationWorld::new_connection() {
    json::Object body = bodies_.at("tastytrade");
    json::set(body, "name", "authorization-" + std::to_string(++made_));
    return body;
}

json::Object AuthorizationWorld::new_attribute() {
    const std::string key = "k" + std::to_string(++made_);
    return {{"type", "settings"},
            {"sub_type", "authorization"},
            {"key", key},
            {"value", "on"},
            {"content_type", "text/plain"}};
}

std::string AuthorizationWorld::attribute_of(const std::string& tenant) {
    Api& api = everything_.at(tenant);
    const Answer made = api.ask("POST", "/v1/profiles/" + id_of(Subject::own_profile, tenant) + "/attributes",
                                {api.credentials(),
                                 {"Content-Type", "application/json"},
                                 {"Idempotency-Key", "attribute-" + std::to_string(++made_)}},
                                json::write(new_attribute()));
    REQUIRE_MESSAGE(made.status == 200, made.body);
    return text(made.json, "object_id");
}

json::Object AuthorizationWorld::repair_of(const std::string&) {
    return {{"credentials", *json::Value(bodies_.at("tastytrade")).find("credentials")}};
}

}  // namespace tributary::e2e
