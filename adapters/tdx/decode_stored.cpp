#include "adapters/tdx/decode_stored.hpp"

#include <optional>
#include <string>

#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/streams.hpp"

namespace tributary::tdx {

using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;

namespace {

Result<Page> ownerless() {
    return domain::fail(Errc::conflict,
                        "This T-DX object does not say whose it is, and the connection has not learned who "
                        "owns its credentials. Let the connection sync once, then try again.");
}

Result<Page> stored_attribute(const json::Value& raw, EntityKind kind,
                              const std::optional<std::string>& owner) {
    return owner ? attribute_page(raw, {kind, *owner}) : ownerless();
}

Result<Page> stored_preferences(const json::Value& raw, const std::optional<std::string>& own_user) {
    Page page = preferences_page(raw, own_user.value_or(""));
    const bool nobodys = !page.observations.empty() && page.observations.front().entity.provider_id.empty();
    return nobodys ? ownerless() : page;
}

}  // namespace

Result<Page> decode_stored(std::string_view stream, const json::Value& raw, const domain::SelfIds& self) {
    if (stream == stream::user) {
        return own_user_page(raw);
    }
    if (stream == stream::client_account) {
        return client_account_page(raw);
    }
    if (stream == stream::users) {
        return user_page(raw);
    }
    if (stream == stream::sub_accounts) {
        return sub_account_page(raw);
    }
    if (stream == stream::preferences) {
        return stored_preferences(raw, self.profile);
    }
    if (stream == stream::user_attributes) {
        return stored_attribute(raw, EntityKind::profile, self.profile);
    }
    if (stream == stream::client_account_attributes) {
        return stored_attribute(raw, EntityKind::account, self.account);
    }
    return domain::fail(Errc::invalid_input, "T-DX has no stream of this name.");
}

}  // namespace tributary::tdx
