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

Result<Page> customer_page(json::Object customer, const Identity& identity,
                           std::vector<domain::DriftNote> notes) {
    if (customer.empty()) {
        return domain::fail(Errc::contract,
                            "tastytrade's answer for the customer tells nothing: `data` is empty.");
    }
    std::string id = profile_id(customer, identity, notes);
    Observation seen;
    seen.normalized = normalize_customer(customer, notes);
    seen.provider_id = id;
    seen.entity = {domain::EntityKind::profile, id};
    seen.raw = std::move(customer);
    Page page = page_for(id, std::move(notes));
    page.observations.push_back(std::move(seen));
    page.item_keys.push_back(std::move(id));
    return page;
}

Result<Page> stored_customer(const json::Value& raw, const std::string& profile) {
    const json::Object* customer = raw.if_object();
    if (customer == nullptr) {
        return domain::fail(Errc::contract, "A stored tastytrade customer is no JSON object.");
    }
    return customer_page(*customer, {.connection = {}, .profile = profile}, {});
}

}  // namespace

Result<Page> decode_customer(std::string_view body, const Identity& identity) {
    TRIBUTARY_TRY_LET(envelope, open_envelope(body, customer_answer));
    return customer_page(std::move(envelope.data), identity, std::move(envelope.notes));
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

Result<Page> decode_stored(std::string_view stream, const json::Value& raw, const domain::SelfIds& self) {
    if (stream != customer_stream && stream != accounts_stream) {
        return domain::fail(Errc::invalid_input, "tastytrade has no stream of this name.");
    }
    if (!self.profile) {
        return domain::fail(
            Errc::conflict,
            "tastytrade's objects do not say whose they are, and the connection has not "
            "learned who owns its credentials. Let the connection sync once, then try again.");
    }
    if (stream == customer_stream) {
        return stored_customer(raw, *self.profile);
    }
    Page page = page_for(*self.profile, {});
    add_account(page, raw, *self.profile);
    return page;
}

}  // namespace tributary::tastytrade
