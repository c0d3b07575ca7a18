#include "people.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "domain/content_hash.hpp"
#include "domain/ids.hpp"
#include "domain/json/parse.hpp"
#include "domain/try.hpp"

namespace tributary::tests {

using domain::EntityKind;
using domain::Observation;
using domain::Result;
using domain::Uuid;

namespace {

Observation observation(EntityKind kind, const std::string& id, domain::Normalized normalized) {
    Observation made;
    made.provider_id = id;
    made.entity = {kind, id};
    made.normalized = std::move(normalized);
    made.raw = json::Object{{"id", id}};
    return made;
}

void grant(Observation& to, EntityKind kind, const std::vector<std::string>& owners) {
    for (const std::string& owner : owners) {
        domain::AccessGrant access;
        access.profile = owner;
        access.target = {kind, to.provider_id};
        access.level = domain::EnumPair<domain::AccessLevel>{domain::AccessLevel::owner, "OWNER"};
        access.role = domain::EnumPair<domain::GroupRole>{domain::GroupRole::owner, "OWNER"};
        to.access.push_back(std::move(access));
    }
}

}  // namespace

Observation profile(const Person& person) {
    domain::Profile made;
    made.first_name = person.first;
    made.last_name = person.last;
    made.email = person.email;
    if (const auto day = domain::parse_date(person.birth_date)) {
        made.birth_date = *day;
    }
    return observation(EntityKind::profile, person.id, std::move(made));
}

Observation account(const std::string& id, const std::vector<std::string>& owners, const std::string& group) {
    domain::Account made;
    made.name = "account " + id;
    if (!group.empty()) {
        made.account_group = group;
    }
    Observation seen = observation(EntityKind::account, id, std::move(made));
    grant(seen, EntityKind::account, owners);
    return seen;
}

Observation account_group(const std::string& id, const std::vector<std::string>& owners) {
    Observation seen = observation(EntityKind::account_group, id, domain::AccountGroup{});
    grant(seen, EntityKind::account_group, owners);
    return seen;
}

view::CommitScope ViewFixture::scope(const std::string& connection, const std::string& stream) const {
    view::CommitScope made;
    made.space = {tenant, "upvest", domain::ProviderEnvironment::sandbox};
    made.stream = {id_of(connection), stream};
    made.cause = {"run", id_of("run"), std::nullopt};
    return made;
}

view::IdentifierHash ViewFixture::hash() {
    return [](domain::ports::IdentifierKind kind, std::string_view text) {
        return domain::content_hash(std::string(domain::name_of(kind)) + std::string(text));
    };
}

Result<view::PageCounts> ViewFixture::commit(const std::string& connection, const std::string& stream,
                                             std::vector<Observation> observations) {
    domain::Page seen;
    seen.observations = std::move(observations);
    view::PageCounts counts;
    const Result<void> done = page([&](domain::ports::PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(committed, view::commit_page(transaction, scope(connection, stream), seen, hash()));
        counts = committed;
        return {};
    });
    return done ? Result<view::PageCounts>(counts) : std::unexpected(done.error());
}

Result<view::PageCounts> ViewFixture::remove(const std::string& connection, const std::string& stream,
                                             std::vector<std::string> ids) {
    view::PageCounts counts;
    const Result<void> done = page([&](domain::ports::PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(removed, view::commit_removal(transaction, scope(connection, stream), ids, hash()));
        counts = removed;
        return {};
    });
    return done ? Result<view::PageCounts>(counts) : std::unexpected(done.error());
}

Uuid ViewFixture::id(EntityKind kind, const std::string& provider_id) const {
    return domain::entity_id({tenant, "upvest", domain::ProviderEnvironment::sandbox}, kind, provider_id);
}

Uuid ViewFixture::customer(const std::string& profile_id) const {
    return domain::singleton_customer_id(tenant, id(EntityKind::profile, profile_id));
}

json::Value ViewFixture::document(const Uuid& document_id) const {
    const std::string body = value("SELECT body FROM documents WHERE tenant_id = $T AND document_id = '" +
                                   to_text(document_id) + "'");
    const auto parsed = json::parse(body.empty() ? "null" : body);
    REQUIRE(parsed.has_value());
    return parsed->root;
}

std::string ViewFixture::count(const std::string& what) const {
    return value("SELECT count(*) FROM " + what);
}

}  // namespace tributary::tests
