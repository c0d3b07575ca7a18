#include "services/view/mask_rules.hpp"

#include <array>

namespace tributary::view {

namespace {

using enum Masking;

constexpr std::array stamp{
    MaskRule{"version", keep},
    MaskRule{"created_at", keep},
    MaskRule{"changed_at", keep},
    MaskRule{"deleted_at", keep},
};

constexpr std::array access_to{
    MaskRule{"kind", keep},           MaskRule{"id", keep},   MaskRule{"level", keep},
    MaskRule{"provider_level", keep}, MaskRule{"role", keep}, MaskRule{"provider_role", keep},
    MaskRule{"permissions", flags},   MaskRule{"via", keep},
};

constexpr std::array access_of{
    MaskRule{"customer_id", keep},    MaskRule{"profile_id", keep}, MaskRule{"level", keep},
    MaskRule{"provider_level", keep}, MaskRule{"role", keep},       MaskRule{"provider_role", keep},
    MaskRule{"permissions", flags},
};

// In which country somebody lives, and how many addresses there are, names nobody.
constexpr std::array address{
    MaskRule{"kind", keep},       MaskRule{"provider_kind", keep},   MaskRule{"street", leave_out},
    MaskRule{"city", mask},       MaskRule{"region", mask},          MaskRule{"postal_code", mask},
    MaskRule{"country", country}, MaskRule{"is_foreign", leave_out}, MaskRule{"is_domestic", leave_out},
};

constexpr std::array profile{
    MaskRule{"id", keep},
    MaskRule{"provider", keep},
    MaskRule{"environment", keep},
    MaskRule{"provider_id", person_id},
    MaskRule{"connection_ids", texts},
    MaskRule{"status", keep},
    MaskRule{"provider_status", keep},
    MaskRule{"preferences", leave_out},
    MaskRule{"attributes", leave_out},
    MaskRule{"details", leave_out},
};

constexpr std::array customer{
    MaskRule{"id", keep},
    MaskRule{"kind", keep},
    MaskRule{"provider_kind", keep},
    MaskRule{"salutation", leave_out},
    MaskRule{"provider_salutation", leave_out},
    MaskRule{"title", mask},
    MaskRule{"first_name", mask},
    MaskRule{"middle_name", mask},
    MaskRule{"last_name", mask},
    MaskRule{"prefix_name", mask},
    MaskRule{"suffix_name", mask},
    MaskRule{"birth_name", mask},
    MaskRule{"legal_name", mask},
    MaskRule{"birth_date", mask},
    MaskRule{"decease_date", mask},
    MaskRule{"email", mask},
    MaskRule{"phone", mask},
    MaskRule{"addresses", objects, address},
    MaskRule{"citizenship", leave_out},
    MaskRule{"tax", leave_out},
    MaskRule{"employment", leave_out},
    MaskRule{"suitability", leave_out},
    MaskRule{"agreements", leave_out},
    MaskRule{"profiles", objects, profile},
    MaskRule{"access", objects, access_to},
    MaskRule{"source_updated_at", keep},
};

constexpr std::array account{
    MaskRule{"id", keep},
    MaskRule{"provider", keep},
    MaskRule{"environment", keep},
    MaskRule{"provider_id", account_id},
    MaskRule{"number", last_four},
    MaskRule{"name", mask},
    MaskRule{"type", keep},
    MaskRule{"provider_type", keep},
    MaskRule{"status", keep},
    MaskRule{"provider_status", keep},
    MaskRule{"opened_at", keep},
    MaskRule{"closed_at", keep},
    MaskRule{"account_group_id", keep},
    MaskRule{"access", objects, access_of},
    MaskRule{"details", leave_out},
    MaskRule{"source_updated_at", keep},
};

constexpr std::array sub_account{
    MaskRule{"id", keep},           MaskRule{"provider", keep},
    MaskRule{"environment", keep},  MaskRule{"provider_id", account_id},
    MaskRule{"account_id", keep},   MaskRule{"name", mask},
    MaskRule{"type", keep},         MaskRule{"provider_type", keep},
    MaskRule{"venue", keep},        MaskRule{"provider_venue", keep},
    MaskRule{"pairs", texts},       MaskRule{"access", objects, access_of},
    MaskRule{"details", leave_out}, MaskRule{"source_updated_at", keep},
};

constexpr std::array group_user{
    MaskRule{"profile_id", keep},
    MaskRule{"customer_id", keep},
    MaskRule{"type", keep},
    MaskRule{"provider_type", keep},
};

constexpr std::array account_group{
    MaskRule{"id", keep},
    MaskRule{"provider", keep},
    MaskRule{"environment", keep},
    MaskRule{"provider_id", account_id},
    MaskRule{"type", keep},
    MaskRule{"provider_type", keep},
    MaskRule{"status", keep},
    MaskRule{"provider_status", keep},
    MaskRule{"users", objects, group_user},
    MaskRule{"securities_account_number", last_four},
    MaskRule{"account_ids", texts},
    MaskRule{"details", leave_out},
    MaskRule{"source_updated_at", keep},
};

// Kinds of evidence, no values.
constexpr std::array identity_link{
    MaskRule{"id", keep},   MaskRule{"profile_ids", texts}, MaskRule{"state", keep},
    MaskRule{"rule", keep}, MaskRule{"evidence", texts},    MaskRule{"by", mask},
};

}  // namespace

std::span<const MaskRule> mask_rules(domain::EntityKind kind) {
    switch (kind) {
        case domain::EntityKind::customer:
            return customer;
        case domain::EntityKind::account:
            return account;
        case domain::EntityKind::sub_account:
            return sub_account;
        case domain::EntityKind::account_group:
            return account_group;
        case domain::EntityKind::identity_link:
            return identity_link;
        default:
            return {};
    }
}

std::span<const MaskRule> stamp_mask_rules() {
    return stamp;
}

}  // namespace tributary::view
