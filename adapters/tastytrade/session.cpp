#include "adapters/tastytrade/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/tastytrade/pages.hpp"

namespace tributary::tastytrade {

namespace ports = domain::ports;
using domain::Errc;
using domain::Page;
using domain::Result;

namespace {

std::string account_target(std::string_view number) {
    return "/customers/me/accounts/" + percent_encoded(number);
}

std::unexpected<domain::Error> no_such(const std::string& what, const std::string& stream) {
    return domain::fail(Errc::invalid_input, "tastytrade has no " + what + " '" + stream + "'.");
}

}  // namespace

Session::Session(const ports::ConnectionContext& context, Credentials credentials,
                 const ports::ProviderTools& tools)
    : client_(tools, context.base_url, std::move(credentials)),
      identity_{.connection = to_text(context.id), .profile = context.self.profile} {}

std::span<const ports::StreamFacts> Session::stream_facts() {
    static const std::array<ports::StreamFacts, 2> facts{
        {{.name = std::string(customer_stream), .kind = domain::EntityKind::profile},
         {.name = std::string(accounts_stream),
          .kind = domain::EntityKind::account,
          .has_single_read = true}}};
    return facts;
}

ports::Task<Result<Page>> Session::fetch(const std::string& stream, ports::PageRequest) {
    if (stream == customer_stream) {
        Result<Page> page = co_await fetch_customer();
        co_return page;
    }
    if (stream == accounts_stream) {
        Result<Page> page = co_await fetch_accounts();
        co_return page;
    }
    co_return no_such("stream", stream);
}

ports::Task<Result<Page>> Session::read(const std::string& stream, const std::string& provider_id) {
    if (stream != accounts_stream || provider_id.empty()) {
        co_return no_such("single read of", stream);
    }
    const Result<std::string> profile = co_await own_profile();
    if (!profile) {
        co_return std::unexpected(profile.error());
    }
    Result<std::string> body = co_await client_.get(account_target(provider_id), "one account");
    if (body) {
        co_return decode_account(*body, *profile, provider_id);
    }
    domain::Error error = co_await explain_refusal(std::move(body.error()), provider_id);
    co_return std::unexpected(std::move(error));
}

ports::Task<domain::Error> Session::explain_refusal(domain::Error refusal, std::string number) {
    const domain::Error gone{Errc::gone, "tastytrade no longer gives this account to these credentials."};
    if (refusal.code == Errc::not_found) {
        co_return gone;
    }
    if (refusal.code == Errc::permission_denied) {
        const Result<Page> list = co_await fetch_accounts();
        if (list && list->quarantined.empty() &&
            std::ranges::find(list->item_keys, number) == list->item_keys.end()) {
            co_return gone;
        }
    }
    co_return refusal;
}

ports::Task<Result<Page>> Session::fetch_customer() {
    Result<std::string> body = co_await client_.get("/customers/me", "the customer");
    if (!body) {
        co_return std::unexpected(body.error());
    }
    Result<Page> page = decode_customer(*body, identity_);
    if (page) {
        identity_.profile = page->self.profile;
    }
    co_return page;
}

ports::Task<Result<Page>> Session::fetch_accounts() {
    const Result<std::string> profile = co_await own_profile();
    if (!profile) {
        co_return std::unexpected(profile.error());
    }
    Result<std::string> body = co_await client_.get("/customers/me/accounts", "the account list");
    if (!body) {
        co_return std::unexpected(body.error());
    }
    co_return decode_accounts(*body, *profile);
}

ports::Task<Result<std::string>> Session::own_profile() {
    if (!identity_.profile) {
        const Result<Page> customer = co_await fetch_customer();
        if (!customer) {
            co_return std::unexpected(customer.error());
        }
    }
    co_return *identity_.profile;
}

}  // namespace tributary::tastytrade
