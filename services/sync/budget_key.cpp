#include "services/sync/budget_key.hpp"

#include <array>
#include <string>

#include "domain/content_hash.hpp"
#include "domain/json/write.hpp"

namespace tributary::sync {

namespace {

std::string client_of(const domain::ports::ConnectionContext& context) {
    for (const std::string_view key : std::array{"client_id", "api_key", "username"}) {
        for (const json::Object* object : {&context.credentials, &context.settings}) {
            if (const json::Value* named = json::find(*object, key)) {
                return std::string(key) + '=' + json::write(*named);
            }
        }
    }
    return json::write(context.credentials);
}

}  // namespace

domain::ports::BudgetKey budget_key_of(const domain::ports::Sealer& sealer,
                                       const domain::ports::ConnectionContext& context) {
    const std::string subject = context.base_url + '\n' + client_of(context);
    return {context.space.tenant, context.space.provider,
            domain::hex_text(sealer.fingerprint("budget:" + context.space.provider, subject))};
}

}  // namespace tributary::sync
