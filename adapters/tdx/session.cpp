#include "adapters/tdx/session.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/streams.hpp"
#include "adapters/tdx/target.hpp"

namespace tributary::tdx {

using domain::EntityKind;
using domain::EntityRef;
using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::PageRequest;
using domain::ports::StreamFacts;
using domain::ports::Task;

namespace {

/// 5,000 users of one sub-account; a walk beyond that is going in circles.
constexpr int max_pages_in_a_read = 10;

std::unexpected<domain::Error> no_such_stream() {
    return domain::fail(Errc::invalid_input,
                        "T-DX has no stream of this name. Ask for one that streams() lists.");
}

std::unexpected<domain::Error> no_such_read() {
    return domain::fail(Errc::invalid_input, "T-DX cannot read this by id. Fetch the stream instead.");
}

Task<Result<Page>> failed(domain::Error error) {
    co_return std::unexpected(std::move(error));
}

Endpoint attributes_of(EntityKind owner) {
    return owner == EntityKind::account
               ? Endpoint{.path = "/client-accounts/mine/attributes", .name = "client account attributes"}
               : Endpoint{.path = "/users/me/attributes", .name = "user attributes"};
}

/// A single read must be about the object asked for, and what no longer exists is gone.
Result<Page> as_single_read(Result<Page> page, const std::string& id) {
    if (!page && page.error().code == Errc::not_found) {
        return domain::fail(Errc::gone, page.error().detail);
    }
    if (page && (page->observations.size() != 1 || page->observations.front().provider_id != id)) {
        return domain::fail(Errc::contract, "T-DX answered a read by id with another object or none.");
    }
    return page;
}

void append(Page& whole, Page part) {
    std::ranges::move(part.observations, std::back_inserter(whole.observations));
    std::ranges::move(part.quarantined, std::back_inserter(whole.quarantined));
    std::ranges::move(part.drift, std::back_inserter(whole.drift));
    std::ranges::move(part.item_keys, std::back_inserter(whole.item_keys));
    whole.self = std::move(part.self);
}

}  // namespace

Session::Session(Client client, domain::SelfIds known)
    : client_(std::move(client)), known_(std::move(known)) {}

std::span<const StreamFacts> Session::streams() const {
    return stream_facts();
}

Task<Result<Page>> Session::fetch(const std::string& stream, PageRequest request) {
    const std::uint32_t limit = std::clamp(request.limit, 1U, max_page_limit);
    const std::string query = list_query(limit, request.cursor);
    if (stream == stream::user) {
        return fetch_own_user();
    }
    if (stream == stream::client_account) {
        return fetch_client_account();
    }
    if (stream == stream::users) {
        return ask({.path = "/users", .query = query, .name = "users"},
                   [limit](std::string_view body) { return decode_users(body, limit); });
    }
    if (stream == stream::sub_accounts) {
        return ask({.path = "/sub-accounts/mine", .query = query, .name = "sub-accounts"},
                   [limit](std::string_view body) { return decode_sub_accounts(body, limit); });
    }
    if (stream == stream::preferences) {
        return fetch_preferences();
    }
    if (stream == stream::user_attributes) {
        return fetch_attributes(EntityKind::profile, query, limit);
    }
    if (stream == stream::client_account_attributes) {
        return fetch_attributes(EntityKind::account, query, limit);
    }
    return failed(no_such_stream().error());
}

Task<Result<Page>> Session::read(const std::string& stream, const std::string& provider_id) {
    Result<Page> page = no_such_read();
    if (provider_id.empty()) {
        co_return page;
    }
    if (stream == stream::sub_accounts) {
        page = co_await read_sub_account(provider_id);
    } else if (stream == stream::user_attributes) {
        page = co_await read_attribute(EntityKind::profile, provider_id);
    } else if (stream == stream::client_account_attributes) {
        page = co_await read_attribute(EntityKind::account, provider_id);
    } else if (stream == stream::users_by_sub_account) {
        page = co_await read_users_of(provider_id);
    }
    co_return page;
}

Task<Result<Page>> Session::ask(Endpoint endpoint, Decoder decode) {
    const std::string asked(endpoint.name);
    const Result<std::string> body = co_await client_.get(std::move(endpoint));
    if (!body) {
        co_return std::unexpected(body.error());
    }
    Result<Page> page = decode(*body);
    if (!page) {
        page.error().detail = "T-DX, asked for " + asked + ": " + page.error().detail;
        co_return page;
    }
    learn(page->self);
    co_return page;
}

Task<Result<Page>> Session::fetch_own_user() {
    return ask({.path = "/users/me", .name = "own user"}, decode_own_user);
}

Task<Result<Page>> Session::fetch_client_account() {
    return ask({.path = "/client-accounts/mine", .name = "client account"}, decode_client_account);
}

Task<Result<Page>> Session::fetch_self(EntityKind kind) {
    return kind == EntityKind::profile ? fetch_own_user() : fetch_client_account();
}

Task<Result<Page>> Session::fetch_preferences() {
    const Result<EntityRef> owner = co_await self_as(EntityKind::profile);
    if (!owner) {
        co_return std::unexpected(owner.error());
    }
    const Decoder decode = [id = owner->provider_id](std::string_view body) {
        return decode_preferences(body, id);
    };
    Result<Page> page = co_await ask({.path = "/users/me/preferences", .name = "preferences"}, decode);
    co_return page;
}

Task<Result<Page>> Session::fetch_attributes(EntityKind owner, std::string query, std::uint32_t limit) {
    const Result<EntityRef> self = co_await self_as(owner);
    if (!self) {
        co_return std::unexpected(self.error());
    }
    Endpoint endpoint = attributes_of(owner);
    endpoint.query = std::move(query);
    const Decoder decode = [limit, ref = *self](std::string_view body) {
        return decode_attributes(body, limit, ref);
    };
    Result<Page> page = co_await ask(std::move(endpoint), decode);
    co_return page;
}

Task<Result<Page>> Session::read_sub_account(std::string id) {
    Endpoint endpoint{.path = "/sub-accounts/" + percent_encode(id), .name = "sub-account"};
    Result<Page> page = co_await ask(std::move(endpoint), decode_sub_account);
    co_return as_single_read(std::move(page), id);
}

Task<Result<Page>> Session::read_attribute(EntityKind owner, std::string id) {
    const Result<EntityRef> self = co_await self_as(owner);
    if (!self) {
        co_return std::unexpected(self.error());
    }
    Endpoint endpoint = attributes_of(owner);
    endpoint.path += "/" + percent_encode(id);
    const Decoder decode = [ref = *self](std::string_view body) { return decode_attribute(body, ref); };
    Result<Page> page = co_await ask(std::move(endpoint), decode);
    co_return as_single_read(std::move(page), id);
}

Task<Result<Page>> Session::read_users_of(std::string sub_account) {
    const Decoder decode = [&sub_account](std::string_view body) {
        return decode_users_of(body, max_page_limit, sub_account);
    };
    const std::string path = "/users/by-sub-account/" + percent_encode(sub_account);
    Page whole;
    std::optional<std::string> cursor;
    std::set<std::string> followed;
    for (int i = 0; i < max_pages_in_a_read; ++i) {
        Endpoint endpoint{
            .path = path, .query = list_query(max_page_limit, cursor), .name = "users of a sub-account"};
        Result<Page> page = co_await ask(std::move(endpoint), decode);
        if (!page && page.error().code == Errc::not_found) {
            co_return domain::fail(Errc::gone, page.error().detail);
        }
        if (!page) {
            co_return page;
        }
        cursor = std::exchange(page->next_cursor, std::nullopt);
        append(whole, *std::move(page));
        if (!cursor) {
            co_return whole;
        }
        if (!followed.insert(*cursor).second) {
            break;
        }
    }
    co_return domain::fail(Errc::contract, "T-DX's list of the users of a sub-account has no end.");
}

Task<Result<EntityRef>> Session::self_as(EntityKind kind) {
    std::optional<std::string> id = known_self(kind);
    if (!id) {
        const Result<Page> page = co_await fetch_self(kind);
        if (!page) {
            co_return std::unexpected(page.error());
        }
        id = known_self(kind);
    }
    if (!id) {
        co_return domain::fail(Errc::contract,
                               "T-DX does not say under which id it knows the owner of the credentials.");
    }
    co_return EntityRef{kind, *id};
}

std::optional<std::string> Session::known_self(EntityKind kind) const {
    if (kind == EntityKind::profile) {
        return learned_.profile ? learned_.profile : known_.profile;
    }
    return learned_.account ? learned_.account : known_.account;
}

void Session::learn(domain::SelfIds& self) {
    if (self.profile) {
        learned_.profile = self.profile;
    }
    if (self.account) {
        learned_.account = self.account;
    }
    self = learned_;
}

}  // namespace tributary::tdx
