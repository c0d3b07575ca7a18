#include "deciding.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/document.hpp"
#include "domain/ids.hpp"
#include "domain/json/parse.hpp"
#include "domain/try.hpp"

namespace tributary::tests {

using domain::LinkVerb;
using domain::Result;
using domain::Uuid;

Result<view::DecidedLink> DecidingFixture::decide(const view::LinkOrder& order) {
    view::DecidedLink decided;
    const Result<void> done = page([&](domain::ports::PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(made, view::decide_link(transaction, tenant, order, hash()));
        decided = std::move(made);
        return {};
    });
    return done ? Result<view::DecidedLink>(decided) : std::unexpected(done.error());
}

Result<view::DecidedLink> DecidingFixture::decide(const std::string& one, const std::string& other,
                                                  LinkVerb verb) {
    return decide(view::LinkOrder{.about = std::pair(profile_id(one), profile_id(other)),
                                  .verb = verb,
                                  .by = "operator of the test",
                                  .act = id_of("act")});
}

Result<view::DecidedLink> DecidingFixture::decide(const Uuid& link, LinkVerb verb) {
    return decide(
        view::LinkOrder{.about = link, .verb = verb, .by = "operator of the test", .act = id_of("act")});
}

bool DecidingFixture::commit_all(std::vector<domain::Observation> people) {
    return commit("c1", "users", std::move(people)).has_value();
}

Uuid DecidingFixture::profile_id(const std::string& provider_id) const {
    return id(domain::EntityKind::profile, provider_id);
}

Uuid DecidingFixture::link_id(const std::string& one, const std::string& other) const {
    const Uuid left = profile_id(one);
    const Uuid right = profile_id(other);
    return domain::identity_link_id(tenant, std::min(left, right), std::max(left, right));
}

json::Value DecidingFixture::content(const Uuid& document_id) const {
    const std::string body = value(
        "SELECT body FROM documents WHERE tenant_id = $T AND deleted_at IS NULL AND "
        "document_id = '" +
        to_text(document_id) + "'");
    const auto parsed = json::parse(body.empty() ? "null" : domain::content_of(body));
    REQUIRE(parsed.has_value());
    return parsed->root;
}

json::Value DecidingFixture::customer_now(const std::string& provider_id) const {
    const std::string now =
        value("SELECT customer_id FROM memberships WHERE tenant_id = $T AND profile_id = '" +
              to_text(profile_id(provider_id)) + "'");
    const auto customer_id = domain::parse_uuid(now);
    REQUIRE(customer_id.has_value());
    return content(*customer_id);
}

std::string DecidingFixture::redirect(const std::string& provider_id) const {
    return value(
        "SELECT coalesce(redirect_to::text, '') FROM customers WHERE tenant_id = $T AND customer_id = '" +
        to_text(customer(provider_id)) + "'");
}

std::string DecidingFixture::owner_of(const std::string& account_id) const {
    const json::Value account = document(id(domain::EntityKind::account, account_id));
    const json::Value* access = account.find("access");
    if (access == nullptr || access->if_array()->empty()) {
        return {};
    }
    const json::Value* named = access->if_array()->front().find("customer_id");
    return named == nullptr ? std::string() : *named->if_string();
}

}  // namespace tributary::tests
