#include "adapters/tastytrade/pages.hpp"

#include <utility>

#include "adapters/tastytrade/account.hpp"
#include "adapters/tastytrade/customer.hpp"
#include "adapters/tastytrade/envelope.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::tastytrade {

using domain::Errc;
using domain::Observation;
using domain::Page;
using domain::Quarantined;
using domain::Result;

namespace {

constexpr std::string_view customer_answer = "the customer";
constexpr std::string_view accounts_answer = "the account list";
constexpr std::string_view account_answer = "one account";

Page page_for(const std::string& profile, std::vector<domain::DriftNote> notes) {
    Page page;
    page.self.profile = profile;
    page.drift = std::move(notes);
    return page;
}

void add_account(Page& page, const json::Value& sent, const std::string& profile) {
    auto read = normalize_account(sent, profile, page.drift);
    if (Observation* seen = std::get_if<Observation>(&read)) {
        page.item_keys.push_back(seen->provider_id);
        page.observations.push_back(std::move(*seen));
    } else {
        page.item_keys.push_back(json::write(sent));
        page.quarantined.push_back(std::get<Quarantined>(std::move(read)));
    }
}

}  // namespace

Result<Page> decode_customer(std::string_view body, const Identity& identity) {
    TRIBUTARY_TRY_LET(envelope, open_envelope(body, customer_answer));
    if (envelope.data.empty()) {
        return domain::fail(Errc::contract,
                            "tastytrade's answer for the customer tells nothing: `data` is empty.");
    }
    std::string id = profile_id(envelope.data, identity, envelope.notes);
    Observation seen;
    seen.normalized = normalize_customer(envelope.data, envelope.notes);
    seen.provider_id = id;
    seen.entity = {domain::EntityKind::profile, id};
    seen.raw = std::move(envelope.data);
    Page page = page_for(id, std::move(envelope.notes));
    page.observations.push_back(std::move(seen));
    page.item_keys.push_back(std::move(id));
    return page;
}

Result<Page> decode_accounts(std::string_view body, const std::string& profile) {
    TRIBUTARY_TRY_LET(envelope, open_envelope(body, accounts_answer));
    TRIBUTARY_TRY_LET(items, take_items(envelope, accounts_answer));
    Page page = page_for(profile, std::move(envelope.notes));
    for (const json::Value& item : items) {
        add_account(page, item, profile);
    }
    return page;
}

Result<Page> decode_account(std::string_view body, const std::string& profile, std::string_view number) {
    TRIBUTARY_TRY_LET(envelope, open_envelope(body, account_answer));
    Page page = page_for(profile, std::move(envelope.notes));
    add_account(page, json::Value(std::move(envelope.data)), profile);
    if (page.observations.size() != 1 || page.observations.front().provider_id != number) {
        return domain::fail(
            Errc::contract,
            "tastytrade's answer for one account does not carry the account number asked for.");
    }
    return page;
}

}  // namespace tributary::tastytrade
