// T-DX client accounts (who holds) and sub-accounts (the portfolios in them).
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/details.hpp"
#include "adapters/tdx/envelope.hpp"

namespace tributary::tdx {

using decode::EnumText;
using decode::ObjectReader;
using domain::Account;
using domain::AccountStatus;
using domain::AccountType;
using domain::Classification;
using domain::EntityKind;
using domain::Field;
using domain::Observation;
using domain::Page;
using domain::Result;
using domain::SubAccount;
using domain::SubAccountType;
using domain::Venue;
using domain::VerificationStatus;

namespace {

using Drift = std::vector<domain::DriftNote>;

constexpr EnumText<AccountStatus> account_statuses[] = {{"STATUS_ACTIVE", AccountStatus::active},
                                                        {"STATUS_INACTIVE", AccountStatus::inactive},
                                                        {"STATUS_SUSPENDED", AccountStatus::suspended}};
constexpr EnumText<AccountType> account_types[] = {{"TYPE_NOMINATIVE", AccountType::individual},
                                                   {"TYPE_SOCIETY", AccountType::corporate},
                                                   {"TYPE_BANK", AccountType::bank}};
constexpr EnumText<VerificationStatus> verification_statuses[] = {
    {"VERIFICATION_STATUS_UNVERIFIED", VerificationStatus::unverified},
    {"VERIFICATION_STATUS_PENDING_APPROVAL", VerificationStatus::pending_approval},
    {"VERIFICATION_STATUS_APPROVED", VerificationStatus::approved},
    {"VERIFICATION_STATUS_PENDING_VERIFY", VerificationStatus::pending_verify},
    {"VERIFICATION_STATUS_VERIFIED", VerificationStatus::verified},
    {"VERIFICATION_STATUS_REJECTED", VerificationStatus::rejected}};
constexpr EnumText<Classification> classifications[] = {{"CLASSIFICATION_RETAIL", Classification::retail}};
constexpr EnumText<SubAccountType> sub_account_types[] = {{"TYPE_MAIN", SubAccountType::main},
                                                          {"TYPE_SUB", SubAccountType::sub},
                                                          {"TYPE_CUSTODY", SubAccountType::custody}};
constexpr EnumText<Venue> venues[] = {{"VENUE_MARKETPLACE", Venue::marketplace}, {"VENUE_OTC", Venue::otc}};

Observation read_client_account(const json::Object& item, const std::string& id, Drift& drift) {
    ObjectReader reader(item, "", drift);
    reader.known("id");
    Account account;
    account.name = reader.text("legalName");
    account.type = reader.choice<AccountType>("type", account_types);
    account.status = reader.choice<AccountStatus>("status", account_statuses);
    account.source_created_at = reader.timestamp("createdAt");
    account.source_updated_at = reader.timestamp("updatedAt");
    put(account.details, "verification_status",
        reader.personal_choice<VerificationStatus>("verificationStatus", verification_statuses));
    put(account.details, "classification",
        reader.personal_choice<Classification>("classification", classifications));
    put(account.details, "tax_residency", reader.text("taxResidency"));
    reader.finish();
    Observation seen;
    seen.entity = {EntityKind::account, id};
    seen.source_updated_at = account.source_updated_at.optional();
    seen.normalized = std::move(account);
    return seen;
}

/// The account that a sub-account names as its own; "" names none.
Field<std::string> parent_of(ObjectReader& reader) {
    const Field<std::string> parent = reader.text("clientAccountId");
    return parent.has_value() && parent.value().empty() ? Field<std::string>() : parent;
}

Observation read_sub_account(const json::Object& item, const std::string& id, Drift& drift) {
    ObjectReader reader(item, "", drift);
    reader.known("id");
    SubAccount sub_account;
    sub_account.account = parent_of(reader);
    sub_account.name = reader.text("name");
    sub_account.type = reader.choice<SubAccountType>("type", sub_account_types);
    sub_account.venue = reader.choice<Venue>("venue", venues);
    sub_account.pairs = reader.texts("pairs");
    sub_account.source_created_at = reader.timestamp("createdAt");
    sub_account.source_updated_at = reader.timestamp("updatedAt");
    reader.finish();
    Observation seen;
    seen.entity = {EntityKind::sub_account, id};
    seen.source_updated_at = sub_account.source_updated_at.optional();
    seen.normalized = std::move(sub_account);
    return seen;
}

void learn_self(Page& page) {
    if (!page.observations.empty()) {
        page.self.account = page.observations.front().provider_id;
    }
}

}  // namespace

Result<Page> decode_client_account(std::string_view body) {
    Result<Page> page = decode_single(body, read_client_account);
    if (page) {
        learn_self(*page);
    }
    return page;
}

Page client_account_page(const json::Value& raw) {
    Page page = decode_item(raw, read_client_account);
    learn_self(page);
    return page;
}

Result<Page> decode_sub_accounts(std::string_view body, std::uint32_t limit) {
    return decode_list(body, {.limit = limit}, read_sub_account);
}

Result<Page> decode_sub_account(std::string_view body) {
    return decode_single(body, read_sub_account);
}

Page sub_account_page(const json::Value& raw) {
    return decode_item(raw, read_sub_account);
}

}  // namespace tributary::tdx
