#include "adapters/tastytrade/account.hpp"

#include <optional>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/decode/whole_number.hpp"
#include "adapters/tastytrade/details.hpp"

namespace tributary::tastytrade {

using decode::EnumText;
using decode::ObjectReader;
using domain::Account;
using domain::AccountStatus;
using domain::AccountType;
using domain::DriftKind;
using domain::DriftNote;
using domain::EnumPair;
using domain::Field;

namespace {

constexpr EnumText<domain::AccessLevel> authority_levels[] = {{"owner", domain::AccessLevel::owner},
                                                              {"trade-only", domain::AccessLevel::trade_only},
                                                              {"read-only", domain::AccessLevel::read_only}};

constexpr EnumText<domain::MarginOrCash> margin_or_cash[] = {{"Margin", domain::MarginOrCash::margin},
                                                             {"Cash", domain::MarginOrCash::cash}};

constexpr DetailField kept_fields[] = {
    {"external-id"},
    {"day-trader-status", Shape::flag},
    {"is-firm-error", Shape::flag},
    {"is-firm-proprietary", Shape::flag},
    {"is-futures-approved", Shape::flag},
    {"is-test-drive", Shape::flag},
    {"is-foreign", Shape::flag},
    {"funding-date"},
    {"investment-objective"},
    {"futures-account-purpose"},
    {"suitable-options-level"},
    {"liquidity-needs"},
    {"risk-tolerance"},
    {"investment-time-horizon"},
    {"external-fdid"},
    {"submitting-user-id"},
    {"ext-account-id"},
    {"ext-crm-id"},
    {"external-accounts", Shape::tree},
    {"regulatory-domain"},
};

/// Names are free text that tastytrade adds to; all that begin with "Joint" are kinds of joint tenancy.
Field<EnumPair<AccountType>> account_type(ObjectReader& account) {
    constexpr EnumText<AccountType> names[] = {{"Individual", AccountType::individual}};
    const Field<json::Value> sent = account.tree("account-type-name");
    const std::string* name = sent.has_value() ? sent.value().if_string() : nullptr;
    if (name != nullptr && name->starts_with("Joint")) {
        return EnumPair<AccountType>{AccountType::joint, *name};
    }
    return account.choice<AccountType>("account-type-name", names);
}

/// tastytrade names no status; a closed account stays in the list and says so.
Field<EnumPair<AccountStatus>> account_status(ObjectReader& account) {
    const Field<bool> closed = account.boolean("is-closed");
    if (!closed.has_value()) {
        return closed.is_null() ? Field<EnumPair<AccountStatus>>(domain::Null{})
                                : Field<EnumPair<AccountStatus>>();
    }
    return EnumPair<AccountStatus>{closed.value() ? AccountStatus::closed : AccountStatus::active};
}

void keep_margin_or_cash(ObjectReader& account, json::Object& kept) {
    const auto read = account.choice<domain::MarginOrCash>("margin-or-cash", margin_or_cash);
    if (read.has_value()) {
        json::set(kept, "margin_or_cash", name_of(read.value().value));
        json::set(kept, "provider_margin_or_cash", *read.value().provider_text);
    } else if (read.is_null()) {
        json::set(kept, "margin_or_cash", json::Value());
    }
}

Account normalize(ObjectReader& reader) {
    Account account;
    account.number = id_text(reader, "account-number");
    account.name = reader.text("nickname");
    account.type = account_type(reader);
    account.status = account_status(reader);
    account.opened_at = reader.timestamp("opened-at");
    account.closed_at = reader.timestamp("closed-at");
    account.source_created_at = reader.timestamp("created-at");
    copy_details(reader, kept_fields, account.details);
    keep_margin_or_cash(reader, account.details);
    return account;
}

/// Why the account number cannot serve as a key, or nothing where it can.
std::optional<std::string> unusable_key(const json::Object& account) {
    const json::Value* number = json::find(account, "account-number");
    if (number == nullptr) {
        return "account-number is missing";
    }
    if (const json::Number* digits = number->if_number()) {
        return decode::is_whole(*digits) ? std::nullopt
                                         : std::optional<std::string>("account-number is not a whole number");
    }
    if (number->if_string() == nullptr) {
        return "account-number is of type " + std::string(number->type_name());
    }
    return number->if_string()->empty() ? std::optional<std::string>("account-number is empty")
                                        : std::nullopt;
}

}  // namespace

std::variant<domain::Observation, domain::Quarantined> normalize_account(const json::Value& sent,
                                                                         const std::string& profile,
                                                                         std::vector<DriftNote>& notes) {
    const json::Object* item = sent.if_object();
    if (item == nullptr) {
        return domain::Quarantined{sent, "the item is of type " + std::string(sent.type_name())};
    }
    const json::Value* inner = json::find(*item, "account");
    if (inner != nullptr && inner->if_object() == nullptr) {
        return domain::Quarantined{sent, "account is of type " + std::string(inner->type_name())};
    }
    const json::Object& account = inner != nullptr ? *inner->if_object() : *item;
    const std::string path = inner != nullptr ? "account" : "";
    if (std::optional<std::string> reason = unusable_key(account)) {
        notes.push_back(
            {DriftKind::missing_key, path.empty() ? "account-number" : "account.account-number", ""});
        return domain::Quarantined{sent, std::move(*reason)};
    }

    std::vector<DriftNote> found;
    ObjectReader outside(*item, "", found);
    ObjectReader inside(account, path, found);
    domain::AccessGrant grant;
    grant.profile = profile;
    grant.level = outside.choice<domain::AccessLevel>("authority-level", authority_levels);
    domain::Observation seen;
    Account normalized = normalize(inside);
    inside.known("authority-level");
    inside.finish();
    if (inner != nullptr) {
        outside.known("account");
        outside.finish();
    }

    seen.provider_id = normalized.number.value();
    seen.entity = {domain::EntityKind::account, seen.provider_id};
    grant.target = seen.entity;
    seen.access.push_back(std::move(grant));
    seen.normalized = std::move(normalized);
    seen.raw = sent;
    notes.insert(notes.end(), found.begin(), found.end());
    return seen;
}

}  // namespace tributary::tastytrade
