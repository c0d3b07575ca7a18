// The enumerations of the domain. Every one is an open set: a text we do not know is `other`, with the
// provider's own text kept beside it (EnumPair).
#pragma once

#include <array>

#include "domain/enum_pair.hpp"

namespace tributary::domain {

enum class ProviderEnvironment { production, sandbox, other };
/// An identity link is a fact about two profiles: we make it, no provider does.
enum class EntityKind { customer, profile, account, sub_account, account_group, identity_link, other };
enum class ProfileKind { person, entity, other };
enum class ProfileStatus { active, inactive, pending, offboarding, offboarded, other };
/// The role a login plays at its provider (T-DX user type).
enum class ProfileType { front_office, back_office, system, other };
enum class AddressKind { residential, mailing, other };
enum class AccountType { individual, joint, corporate, bank, trading, portfolio, other };
enum class AccountStatus { pending, active, inactive, suspended, locked, closing, closed, other };
enum class MarginOrCash { margin, cash, other };
enum class VerificationStatus {
    unverified,
    pending_approval,
    approved,
    pending_verify,
    verified,
    rejected,
    other
};
enum class Classification { retail, professional, other };
enum class SubAccountType { main, sub, custody, other };
enum class Venue { marketplace, otc, other };
enum class AccountGroupType { personal, legal_entity, french_pea, isa, child, business, joint, other };
/// Ordered from most to least powerful; `other` says only that some access exists.
enum class AccessLevel { owner, trade_only, read_only, other };
/// The part a profile plays in an account group or account.
enum class GroupRole { owner, guardian, child, other };
enum class MaritalStatus { single, married, divorced, widowed, other };
enum class EmploymentStatus { employed, self_employed, unemployed, retired, student, other };
enum class TradingExperience { none, limited, good, extensive, other };
enum class UsaCitizenship { citizen, permanent_resident, visa_holder, foreign, other };
enum class TaxNumberType { ssn, itin, ein, other };
enum class Language { english, german, french, other };
enum class Salutation { mr, mrs, diverse, other };

#define TRIBUTARY_NAMES(E, ...)                                             \
    constexpr auto names_of(E) {                                            \
        using enum E;                                                       \
        return std::to_array<EnumName<E>>({__VA_ARGS__, {other, "other"}}); \
    }

TRIBUTARY_NAMES(ProviderEnvironment, {production, "production"}, {sandbox, "sandbox"})
TRIBUTARY_NAMES(EntityKind, {customer, "customer"}, {profile, "profile"}, {account, "account"},
                {sub_account, "sub_account"}, {account_group, "account_group"},
                {identity_link, "identity_link"})
TRIBUTARY_NAMES(ProfileKind, {person, "person"}, {entity, "entity"})
TRIBUTARY_NAMES(ProfileStatus, {active, "active"}, {inactive, "inactive"}, {pending, "pending"},
                {offboarding, "offboarding"}, {offboarded, "offboarded"})
TRIBUTARY_NAMES(ProfileType, {front_office, "front_office"}, {back_office, "back_office"}, {system, "system"})
TRIBUTARY_NAMES(AddressKind, {residential, "residential"}, {mailing, "mailing"})
TRIBUTARY_NAMES(AccountType, {individual, "individual"}, {joint, "joint"}, {corporate, "corporate"},
                {bank, "bank"}, {trading, "trading"}, {portfolio, "portfolio"})
TRIBUTARY_NAMES(AccountStatus, {pending, "pending"}, {active, "active"}, {inactive, "inactive"},
                {suspended, "suspended"}, {locked, "locked"}, {closing, "closing"}, {closed, "closed"})
TRIBUTARY_NAMES(MarginOrCash, {margin, "margin"}, {cash, "cash"})
TRIBUTARY_NAMES(VerificationStatus, {unverified, "unverified"}, {pending_approval, "pending_approval"},
                {approved, "approved"}, {pending_verify, "pending_verify"}, {verified, "verified"},
                {rejected, "rejected"})
TRIBUTARY_NAMES(Classification, {retail, "retail"}, {professional, "professional"})
TRIBUTARY_NAMES(SubAccountType, {main, "main"}, {sub, "sub"}, {custody, "custody"})
TRIBUTARY_NAMES(Venue, {marketplace, "marketplace"}, {otc, "otc"})
TRIBUTARY_NAMES(AccountGroupType, {personal, "personal"}, {legal_entity, "legal_entity"},
                {french_pea, "french_pea"}, {isa, "isa"}, {child, "child"}, {business, "business"},
                {joint, "joint"})
TRIBUTARY_NAMES(AccessLevel, {owner, "owner"}, {trade_only, "trade_only"}, {read_only, "read_only"})
TRIBUTARY_NAMES(GroupRole, {owner, "owner"}, {guardian, "guardian"}, {child, "child"})
TRIBUTARY_NAMES(MaritalStatus, {single, "single"}, {married, "married"}, {divorced, "divorced"},
                {widowed, "widowed"})
TRIBUTARY_NAMES(EmploymentStatus, {employed, "employed"}, {self_employed, "self_employed"},
                {unemployed, "unemployed"}, {retired, "retired"}, {student, "student"})
TRIBUTARY_NAMES(TradingExperience, {none, "none"}, {limited, "limited"}, {good, "good"},
                {extensive, "extensive"})
TRIBUTARY_NAMES(UsaCitizenship, {citizen, "citizen"}, {permanent_resident, "permanent_resident"},
                {visa_holder, "visa_holder"}, {foreign, "foreign"})
TRIBUTARY_NAMES(TaxNumberType, {ssn, "ssn"}, {itin, "itin"}, {ein, "ein"})
TRIBUTARY_NAMES(Language, {english, "english"}, {german, "german"}, {french, "french"})
TRIBUTARY_NAMES(Salutation, {mr, "mr"}, {mrs, "mrs"}, {diverse, "diverse"})

#undef TRIBUTARY_NAMES

}  // namespace tributary::domain
