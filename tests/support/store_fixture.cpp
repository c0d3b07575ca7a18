#include "tests/support/store_fixture.hpp"

#include <atomic>

#include "adapters/postgres/migrate.hpp"

namespace tributary::tests {

using namespace domain::ports;
using domain::Uuid;

const Database& migrated_database() {
    static const Database database;
    static const bool migrated = (good(postgres::migrate(database.url())), true);
    (void)migrated;
    return database;
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
    const std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : out) {
        byte = static_cast<std::uint8_t>(engine_());
    }
}

Uuid id_of(std::string_view name) {
    return domain::named_uuid({}, name);
}

postgres::PoolOptions StoreFixture::pool_options(std::size_t threads) {
    postgres::PoolOptions options;
    options.url = migrated_database().url();
    options.threads = threads;
    return options;
}

StoreFixture::StoreFixture(std::size_t threads) : store(pool_options(threads), random) {
    static std::atomic<int> count{0};
    const std::string name = "tenant-" + std::to_string(++count);
    tenant = id_of(name);
    good(store.admin().create_tenant(tenant, name));
}

domain::Result<void> StoreFixture::page(std::function<domain::Result<void>(PageTransaction&)> job) {
    return run_task(store.pages().transact(tenant, std::move(job)));
}

void StoreFixture::must(std::function<void(PageTransaction&)> job) {
    good(page([&job](PageTransaction& transaction) -> domain::Result<void> {
        job(transaction);
        return {};
    }));
}

ConnectionView StoreFixture::connect(const std::string& name, const std::string& provider) {
    NewConnection connection;
    connection.id = domain::named_uuid(tenant, name);
    connection.name = name;
    connection.provider = provider;
    connection.base_url = "https://example.org";
    connection.period = std::chrono::seconds(300);
    connection.settings = "{}";
    connection.sealed_credentials = "sealed:" + name;
    return good(store.connections().create_connection(tenant, connection));
}

ClaimedRun StoreFixture::claim(const Uuid& connection, std::chrono::seconds lease) {
    auto claimed = good(store.connections().claim_connection(id_of("owner"), connection, lease));
    return claimed.size() == 1 ? std::move(claimed.front())
                               : throw std::runtime_error("the connection is not due");
}

std::string StoreFixture::value(std::string sql) const {
    for (auto at = sql.find("$T"); at != std::string::npos; at = sql.find("$T")) {
        sql.replace(at, 2, "'" + to_text(tenant) + "'");
    }
    return database.value(sql);
}

Lease lease_of(const ClaimedRun& claimed) {
    return {claimed.connection.id, claimed.fence};
}

DocumentWrite document(domain::EntityKind kind, std::string_view name, std::string content,
                       std::optional<DocumentState> before) {
    DocumentWrite write;
    write.id = id_of(name);
    write.kind = kind;
    write.content = std::move(content);
    write.diff = "[]";
    write.before = std::move(before);
    return write;
}

EntityAnchor anchor(domain::EntityKind kind, std::string_view name) {
    return {id_of(name), kind, "upvest", domain::ProviderEnvironment::sandbox, std::string(name)};
}

RecordWrite record(std::string provider_id, std::string_view entity, std::string raw) {
    RecordWrite write;
    write.provider_id = std::move(provider_id);
    write.entity_id = id_of(entity);
    write.hash = "hash of " + raw;
    write.normalized = raw;
    write.raw = std::move(raw);
    return write;
}

ListQuery list_of(domain::EntityKind kind, std::size_t limit) {
    ListQuery query;
    query.kind = kind;
    query.limit = limit;
    return query;
}

RunOutcome succeeded() {
    RunOutcome outcome;
    outcome.state = "succeeded";
    return outcome;
}

}  // namespace tributary::tests
