#include "services/admin/key_text.hpp"

#include <optional>
#include <utility>

namespace tributary::admin {

json::Object key_object(const domain::ports::ApiKey& key) {
    json::Array scopes;
    for (const std::string& scope : key.scopes) {
        scopes.emplace_back(scope);
    }
    const auto when = [](const std::optional<domain::Timestamp>& at) {
        return at ? json::Value(domain::to_text(*at)) : json::Value();
    };
    return {{"id", to_text(key.id)},
            {"prefix", key.prefix},
            {"scopes", std::move(scopes)},
            {"created_at", domain::to_text(key.created_at)},
            {"expires_at", when(key.expires_at)},
            {"revoked_at", when(key.revoked_at)},
            {"replaced_by", key.replaced_by ? json::Value(to_text(*key.replaced_by)) : json::Value()}};
}

}  // namespace tributary::admin
