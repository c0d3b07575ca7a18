#include "services/api/authenticator.hpp"

#include <algorithm>
#include <utility>

#include "domain/content_hash.hpp"
#include "domain/shortened.hpp"
#include "services/admin/api_key.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::Principal;
using domain::ports::Task;
using domain::ports::Tenant;
using domain::ports::VerifiedToken;
using std::chrono::microseconds;

namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t longest_key = 200;
constexpr std::size_t longest_label = 200;

/// The name of a scheme is written in any case (RFC 9110, 11.1).
bool names_scheme(std::string_view field) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return field.size() > scheme.size() &&
           std::ranges::equal(field.substr(0, scheme.size()), scheme, {}, lower, lower);
}

Principal principal_of(const VerifiedToken& token, const Uuid& tenant) {
    std::string label = "token " + token.subject;
    if (label.size() > longest_label) {
        // Two long subjects that begin alike are two.
        const std::string mark = " " + domain::content_hash(token.subject).substr(0, 16);
        label = domain::shortened(label, longest_label - mark.size()) + mark;
    }
    Principal principal{tenant, {}, {}, std::move(label), token.customer};
    for (const std::string& scope : token.scopes) {
        if (admin::is_scope(scope) && std::ranges::find(principal.scopes, scope) == principal.scopes.end()) {
            principal.scopes.push_back(scope);
        }
    }
    return principal;
}

bool is_key(std::string_view credentials) {
    return credentials.starts_with("trb_") && credentials.size() <= longest_key;
}

template <class Map>
void make_room(Map& map) {
    if (map.size() >= Authenticator::max_remembered) {
        map.clear();
    }
}

}  // namespace

Authenticator::Authenticator(domain::ports::AdminStore& store, const domain::ports::Sealer& sealer,
                             const domain::ports::Clock& clock, domain::ports::TokenVerifier* tokens)
    : store_(store), sealer_(sealer), clock_(clock), tokens_(tokens) {}

Task<Result<Principal>> Authenticator::principal_of(std::optional<std::string_view> field) {
    if (!field || !names_scheme(*field)) {
        co_return domain::fail(Errc::unauthenticated, "Send an API key or a token as a Bearer token.");
    }
    const std::string_view text = field->substr(scheme.size());
    std::string hash = hash_of(text);
    if (hash.empty()) {
        co_return domain::fail(Errc::unauthenticated,
                               "This is neither an API key nor a token that this service takes.");
    }
    if (is_key(text)) {
        co_return co_await principal_of_key(std::move(hash));
    }
    co_return co_await principal_of_token(std::string(text), std::move(hash));
}

std::string Authenticator::hash_of(std::string_view credentials) const {
    if (is_key(credentials)) {
        return admin::api_key_hash(sealer_, credentials);
    }
    const bool is_token = std::ranges::count(credentials, '.') == 2 && tokens_ != nullptr;
    return is_token ? domain::hex_text(sealer_.fingerprint("token", credentials)) : std::string();
}

std::optional<Authenticator::Known> Authenticator::known(std::string_view field) {
    if (!names_scheme(field)) {
        return std::nullopt;
    }
    const std::string hash = hash_of(field.substr(scheme.size()));
    return hash.empty() ? std::nullopt : recall(hash);
}

bool Authenticator::still_holds(const Known& known) const {
    return known.forgotten == forgotten_ && clock_.steady_now() < known.until;
}

Task<Result<Principal>> Authenticator::principal_of_key(std::string hash) {
    if (auto known = recall(hash)) {
        co_return std::move(known->principal);
    }
    const std::uint64_t asked_at = forgotten_;
    Result<Principal> found = co_await store_.principal_of(hash);
    if (found) {
        remember(hash, *found, std::min(microseconds(memory), found->lifetime.value_or(memory)), asked_at);
    } else if (found.error().code == Errc::unauthenticated) {
        co_return domain::fail(Errc::unauthenticated, "This API key is unknown, expired or revoked.");
    }
    co_return found;
}

Task<Result<Principal>> Authenticator::principal_of_token(std::string token, std::string hash) {
    if (auto known = recall(hash)) {
        co_return std::move(known->principal);
    }
    const Result<VerifiedToken> verified = co_await tokens_->verify(std::move(token));
    if (!verified) {
        co_return std::unexpected(verified.error());
    }
    const Result<Uuid> tenant = co_await tenant_of(verified->tenant);
    if (!tenant) {
        co_return std::unexpected(tenant.error());
    }
    Principal principal = api::principal_of(*verified, *tenant);
    // In microseconds: what the furthest end leaves has no place in nanoseconds.
    const microseconds left = verified->expires_at - clock_.now();
    remember(hash, principal, std::clamp(left, microseconds(0), microseconds(token_memory)), forgotten_);
    co_return principal;
}

Task<Result<Uuid>> Authenticator::tenant_of(std::string text) {
    if (const auto known = recall_tenant(text)) {
        co_return *known;
    }
    const auto id = domain::parse_uuid(text);
    Task<Result<Tenant>> look = id ? store_.tenant(*id) : store_.tenant_named(text);
    const Result<Tenant> found = co_await std::move(look);
    if (found) {
        remember_tenant(text, found->id);
        co_return found->id;
    }
    if (found.error().code == Errc::not_found) {
        co_return domain::fail(Errc::unauthenticated, "The token names no tenant of this service.");
    }
    co_return std::unexpected(found.error());
}

std::optional<Authenticator::Known> Authenticator::recall(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(hash);
    if (found == remembered_.end() || found->second.until <= clock_.steady_now()) {
        return std::nullopt;
    }
    return Known{found->second.principal, found->second.until, forgotten_};
}

void Authenticator::remember(const std::string& hash, const Principal& principal, microseconds time,
                             std::uint64_t asked_at) {
    const std::lock_guard lock(mutex_);
    if (forgotten_ != asked_at) {
        return;
    }
    make_room(remembered_);
    remembered_[hash] = {principal, clock_.steady_now() + time};
}

void Authenticator::forget(const Uuid& key_id) {
    const std::lock_guard lock(mutex_);
    ++forgotten_;
    std::erase_if(remembered_, [&](const auto& one) { return one.second.principal.key_id == key_id; });
}

std::optional<Uuid> Authenticator::recall_tenant(const std::string& text) {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(text);
    if (found == tenants_.end() || found->second.until <= clock_.steady_now()) {
        return std::nullopt;
    }
    return found->second.id;
}

void Authenticator::remember_tenant(const std::string& text, const Uuid& id) {
    const std::lock_guard lock(mutex_);
    make_room(tenants_);
    tenants_[text] = {id, clock_.steady_now() + memory};
}

}  // namespace tributary::api
