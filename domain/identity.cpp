#include "domain/identity.hpp"

#include "domain/names.hpp"

namespace tributary::domain {

namespace {

template <class T>
bool agree(const std::optional<T>& left, const std::optional<T>& right) {
    return left && right && *left == *right;
}

template <class T>
bool differ(const std::optional<T>& left, const std::optional<T>& right) {
    return left && right && *left != *right;
}

std::vector<std::string> contradictions(const IdentityFacts& left, const IdentityFacts& right) {
    std::vector<std::string> names;
    if (differ(left.tax_number, right.tax_number) || differ(left.tax_last_four, right.tax_last_four)) {
        names.emplace_back("tax_number");
    }
    if (differ(left.birth_date, right.birth_date)) {
        names.emplace_back("birth_date");
    }
    if (left.is_entity != right.is_entity) {
        names.emplace_back("kind");
    }
    return names;
}

}  // namespace

IdentityFacts identity_facts(const Profile& profile) {
    IdentityFacts facts;
    facts.full_name = full_name(profile);
    facts.birth_date = profile.birth_date.optional();
    facts.email = normalized_email(profile);
    facts.phone = normalized_phone(profile);
    TaxNumber tax = normalized_tax(profile);
    facts.tax_number = std::move(tax.full);
    facts.tax_last_four = std::move(tax.last_four);
    facts.is_entity = profile.kind.has_value() && profile.kind.value().value == ProfileKind::entity;
    return facts;
}

bool contradict(const IdentityFacts& left, const IdentityFacts& right) {
    return !contradictions(left, right).empty();
}

bool share_name_or_contact(const IdentityFacts& left, const IdentityFacts& right) {
    return agree(left.full_name, right.full_name) || agree(left.email, right.email) ||
           agree(left.phone, right.phone) || agree(left.tax_number, right.tax_number);
}

IdentityDecision decide_identity(const IdentityFacts& left, const IdentityFacts& right) {
    IdentityDecision decision;
    decision.contradicted = contradictions(left, right);
    bool contact = false;
    const auto contact_agrees = [&](const char* name, bool agrees) {
        if (agrees) {
            decision.agreed.emplace_back(name);
            contact = true;
        }
    };
    contact_agrees("email", agree(left.email, right.email));
    contact_agrees("phone", agree(left.phone, right.phone));
    contact_agrees("tax_number", agree(left.tax_number, right.tax_number));
    const bool name = agree(left.full_name, right.full_name);
    const bool birth = agree(left.birth_date, right.birth_date);
    if (name) {
        decision.agreed.emplace_back("full_name");
    }
    if (birth) {
        decision.agreed.emplace_back("birth_date");
    }
    if (!decision.contradicted.empty()) {
        return decision;
    }
    if (contact && name) {
        decision.verdict = IdentityVerdict::link;
        decision.rule = "contact_and_name";
    } else if (name && birth) {
        decision.verdict = IdentityVerdict::suggest;
        decision.rule = "name_and_birth_date";
    } else if (contact && birth) {
        decision.verdict = IdentityVerdict::suggest;
        decision.rule = "contact_and_birth_date";
    }
    return decision;
}

}  // namespace tributary::domain
