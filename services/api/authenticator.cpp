#include "services/api/authenticator.hpp"

#include <algorithm>

#include "services/admin/api_key.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Result;
using domain::ports::Principal;
using domain::ports::Task;

namespace {

/// The name of a scheme is written in any case (RFC 9110, 11.1).
bool names_scheme(std::string_view field, std::string_view scheme) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return field.size() > scheme.size() &&
           std::ranges::equal(field.substr(0, scheme.size()), scheme, {}, lower, lower);
}

}  // namespace

Authenticator::Authenticator(domain::ports::AdminStore& store, const domain::ports::Sealer& sealer,
                             const domain::ports::Clock& clock)
    : store_(store), sealer_(sealer), clock_(clock) {}

std::optional<Principal> Authenticator::recall(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(hash);
    if (found == remembered_.end() || found->second.until <= clock_.steady_now()) {
        return std::nullopt;
    }
    return found->second.principal;
}

void Authenticator::remember(const std::string& hash, const Principal& principal) {
    const std::lock_guard lock(mutex_);
    if (remembered_.size() >= max_remembered) {
        remembered_.clear();
    }
    remembered_[hash] = {principal, clock_.steady_now() + memory};
}

Task<Result<Principal>> Authenticator::principal_of(std::optional<std::string_view> field) {
    static constexpr std::string_view scheme = "Bearer ";
    static constexpr std::size_t longest_key = 200;
    if (!field || !names_scheme(*field, scheme) || field->size() > scheme.size() + longest_key) {
        co_return domain::fail(Errc::unauthenticated, "No API key was sent.");
    }
    const std::string hash = admin::api_key_hash(sealer_, field->substr(scheme.size()));
    if (auto known = recall(hash)) {
        co_return std::move(*known);
    }
    Result<Principal> found = co_await store_.principal_of(hash);
    if (found) {
        remember(hash, *found);
    }
    co_return found;
}

}  // namespace tributary::api
