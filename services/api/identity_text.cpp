#include "services/api/identity_text.hpp"

#include "domain/ids.hpp"
#include "domain/json/parse.hpp"

namespace tributary::api {

using domain::Uuid;
using domain::ports::Link;

namespace {

json::Array ids(std::initializer_list<Uuid> all) {
    json::Array array;
    for (const Uuid& id : all) {
        array.emplace_back(to_text(id));
    }
    return array;
}

std::string decider_of(const Link& link, Variant variant) {
    if (!link.by_operator) {
        return "rule";
    }
    return variant == Variant::full ? link.decided_by.value_or("operator") : "operator";
}

}  // namespace

json::Object link_object(const Uuid& tenant, const Link& link, Variant variant) {
    const auto evidence = json::parse(link.evidence);
    json::Object out{{"id", to_text(domain::identity_link_id(tenant, link.low, link.high))},
                     {"profile_ids", ids({link.low, link.high})},
                     {"state", domain::name_of(link.state)},
                     {"rule", link.rule},
                     {"evidence", evidence ? evidence->root : json::Value(json::Array())},
                     {"by", decider_of(link, variant)}};
    if (link.reason && variant == Variant::full) {
        out.push_back({"reason", *link.reason});
    }
    if (link.decided_at) {
        out.push_back({"decided_at", domain::to_text(*link.decided_at)});
    }
    return out;
}

json::Object decided_object(const Uuid& tenant, const view::DecidedLink& decided, Variant variant) {
    json::Object link = link_object(tenant, decided.link, variant);
    json::Array customer_ids;
    json::Array customers;
    for (const auto& [customer, profiles] : decided.customers) {
        customer_ids.emplace_back(to_text(customer));
        json::Array profile_ids;
        for (const Uuid& profile : profiles) {
            profile_ids.emplace_back(to_text(profile));
        }
        customers.emplace_back(
            json::Object{{"id", to_text(customer)}, {"profile_ids", std::move(profile_ids)}});
    }
    link.push_back({"customer_ids", std::move(customer_ids)});
    json::Array held_by;
    for (const Link& other : decided.chain) {
        held_by.emplace_back(link_object(tenant, other, variant));
    }
    json::Array contradictions;
    for (const domain::Contradiction& contradiction : decided.contradictions) {
        json::Array differs;
        for (const std::string& name : contradiction.differs) {
            differs.emplace_back(name);
        }
        contradictions.emplace_back(json::Object{
            {"profile_ids", ids({contradiction.low, contradiction.high})}, {"differs", std::move(differs)}});
    }
    const bool still_joined = !held_by.empty();
    return {{"link", std::move(link)},           {"joined", decided.joined},
            {"still_joined", still_joined},      {"held_by", std::move(held_by)},
            {"customers", std::move(customers)}, {"contradictions", std::move(contradictions)}};
}

}  // namespace tributary::api
