// Who is the same person. A false merge shows one person's accounts to another and is far worse than a missed
// one, so only agreement on a contact or full tax number AND on the full name links, and any contradiction
// forbids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/profile.hpp"

namespace tributary::domain {

/// What of a profile bears on identity, normalized for comparison.
struct IdentityFacts {
    std::optional<std::string> full_name;
    std::optional<Date> birth_date;
    std::optional<std::string> email;
    std::optional<std::string> phone;
    std::optional<std::string> tax_number;
    std::optional<std::string> tax_last_four;
    /// Only people are joined; an entity stays apart from its owner.
    bool is_entity = false;

    friend bool operator==(const IdentityFacts&, const IdentityFacts&) = default;
};

IdentityFacts identity_facts(const Profile& profile);

enum class IdentityVerdict { link, suggest, apart };

struct IdentityDecision {
    IdentityVerdict verdict = IdentityVerdict::apart;
    /// Names of what agreed: email, phone, tax_number, full_name, birth_date.
    std::vector<std::string> agreed;
    /// Names of what differs and forbids: tax_number, birth_date, kind.
    std::vector<std::string> contradicted;
    /// "contact_and_name", "name_and_birth_date", "contact_and_birth_date"; empty for apart.
    std::string rule;
};

/// The rule for two profiles that nobody decided about. Symmetric.
IdentityDecision decide_identity(const IdentityFacts& left, const IdentityFacts& right);
/// The least that keeps up a link once made: the full name, or a contact or full tax number. Symmetric.
bool share_name_or_contact(const IdentityFacts& left, const IdentityFacts& right);
/// True where the two cannot be one person, whatever else agrees. Symmetric.
bool contradict(const IdentityFacts& left, const IdentityFacts& right);

}  // namespace tributary::domain
