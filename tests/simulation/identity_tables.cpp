// The identity part of the page transaction's port.
#include <algorithm>

#include "tests/simulation/page_tables.hpp"

namespace tributary::simulation {

using namespace domain::ports;
using domain::Result;

Result<void> PageTables::lock_identifiers(std::span<const IdentifierKey> /*keys*/) {
    return {};  // one transaction at a time: whoever runs has every lock
}

PageTables::Many<IdentifierMember> PageTables::identifier_members(std::span<const IdentifierKey> keys) {
    std::vector<IdentifierMember> members;
    for (const auto& [member, set] : db_.identifiers.rows()) {
        if (std::ranges::find(keys, member.first) != keys.end()) {
            members.push_back({member.first, member.second});
        }
    }
    return members;
}

PageTables::Many<IdentifierMember> PageTables::identifiers_of(std::span<const Uuid> profiles) {
    std::vector<IdentifierMember> members;
    for (const auto& [member, set] : db_.identifiers.rows()) {
        if (std::ranges::find(profiles, member.second) != profiles.end()) {
            members.push_back({member.first, member.second});
        }
    }
    return members;
}

Result<void> PageTables::add_identifiers(std::span<const IdentifierMember> members) {
    for (const IdentifierMember& member : members) {
        db_.identifiers.change({member.key, member.profile_id}) = true;
    }
    return {};
}

Result<void> PageTables::drop_identifiers(std::span<const IdentifierMember> members) {
    for (const IdentifierMember& member : members) {
        db_.identifiers.erase({member.key, member.profile_id});
    }
    return {};
}

PageTables::Many<Link> PageTables::links_of(std::span<const Uuid> profiles) {
    std::vector<Link> links;
    for (const auto& [pair, link] : db_.links.rows()) {
        if (std::ranges::find(profiles, link.low) != profiles.end() ||
            std::ranges::find(profiles, link.high) != profiles.end()) {
            links.push_back(link);
        }
    }
    return links;
}

Result<std::optional<Link>> PageTables::link_named(const Uuid& id) {
    for (const auto& [pair, link] : db_.links.rows()) {
        if (domain::identity_link_id(db_.tenant, link.low, link.high) == id) {
            return link;
        }
    }
    return std::optional<Link>();
}

Result<void> PageTables::write_links(std::span<const Link> links) {
    for (const Link& link : links) {
        db_.links.change({link.low, link.high}) = link;
    }
    return {};
}

PageTables::Many<Membership> PageTables::memberships_of_profiles(std::span<const Uuid> profiles) {
    std::vector<Membership> memberships;
    for (const Uuid& profile : profiles) {
        if (const Uuid* customer = db_.memberships.find(profile)) {
            memberships.push_back({profile, *customer});
        }
    }
    return memberships;
}

PageTables::Many<Membership> PageTables::memberships_of_customers(std::span<const Uuid> customers) {
    std::vector<Membership> memberships;
    for (const auto& [profile, customer] : db_.memberships.rows()) {
        if (std::ranges::find(customers, customer) != customers.end()) {
            memberships.push_back({profile, customer});
        }
    }
    return memberships;
}

Result<void> PageTables::write_memberships(std::span<const Membership> memberships) {
    for (const Membership& membership : memberships) {
        db_.memberships.change(membership.profile_id) = membership.customer_id;
    }
    return {};
}

PageTables::Many<CustomerState> PageTables::lock_customers(std::span<const Uuid> ids) {
    std::vector<CustomerState> states;
    for (const Uuid& id : ids) {
        if (db_.customers.find(id) == nullptr) {
            db_.customers.change(id) = {id, now_, std::nullopt};
        }
        states.push_back(*db_.customers.find(id));
    }
    return states;
}

Result<void> PageTables::write_redirects(std::span<const CustomerState> customers) {
    for (const CustomerState& customer : customers) {
        if (db_.customers.find(customer.id) != nullptr) {
            db_.customers.change(customer.id).redirect_to = customer.redirect_to;
        }
    }
    return {};
}

}  // namespace tributary::simulation
