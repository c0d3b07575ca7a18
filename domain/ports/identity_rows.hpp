// Who is whom, as stored: identifiers, links between profiles, customers and who belongs to them.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>

#include "domain/enum_pair.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

enum class IdentifierKind { email, phone, tax, name_birth, other };

constexpr auto names_of(IdentifierKind) {
    using enum IdentifierKind;
    return std::to_array<EnumName<IdentifierKind>>(
        {{email, "email"}, {phone, "phone"}, {tax, "tax"}, {name_birth, "name_birth"}, {other, "other"}});
}

/// A keyed hash (64 hex digits) of a normalized identifier.
struct IdentifierKey {
    IdentifierKind kind = IdentifierKind::other;
    std::string hash;

    friend auto operator<=>(const IdentifierKey&, const IdentifierKey&) = default;
};

struct IdentifierMember {
    IdentifierKey key;
    Uuid profile_id;
};

/// `undecided`: nobody says that the two are one person, neither the rules nor an operator any more.
enum class LinkState { linked, suggested, rejected, undecided, other };

constexpr auto names_of(LinkState) {
    using enum LinkState;
    return std::to_array<EnumName<LinkState>>({{linked, "linked"},
                                               {suggested, "suggested"},
                                               {rejected, "rejected"},
                                               {undecided, "undecided"},
                                               {other, "other"}});
}

/// A fact about two profiles. One row a pair, `low` < `high`.
struct Link {
    Uuid low;
    Uuid high;
    LinkState state = LinkState::suggested;
    /// Which rule or operator decided, e.g. "contact_and_name".
    std::string rule;
    /// JSON array of what agreed or contradicted, kinds only, e.g. ["email","name","birth_date"].
    std::string evidence;
    bool by_operator = false;
    /// Who the operator was, and what they gave as a reason; nothing of a rule's.
    std::optional<std::string> decided_by = std::nullopt;
    std::optional<std::string> reason = std::nullopt;
    /// Since when it says this. Only read: the store's clock writes it.
    std::optional<Timestamp> decided_at = std::nullopt;
};

struct Membership {
    Uuid profile_id;
    Uuid customer_id;
};

struct CustomerState {
    Uuid id;
    Timestamp founded_at;
    /// Set once this customer was merged into another.
    std::optional<Uuid> redirect_to;
};

}  // namespace tributary::domain::ports
