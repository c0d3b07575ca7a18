#include "services/sync/credentials.hpp"

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::sync {

namespace {

std::string context_of(const domain::Uuid& tenant, const domain::Uuid& connection) {
    return "credentials:" + to_text(tenant) + ":" + to_text(connection);
}

}  // namespace

std::string seal_credentials(domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                             const domain::Uuid& connection, const json::Object& credentials) {
    return sealer.seal(json::write(credentials), context_of(tenant, connection));
}

domain::Result<json::Object> open_credentials(const domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                                              const domain::Uuid& connection, const std::string& sealed) {
    TRIBUTARY_TRY_LET(plain, sealer.open(sealed, context_of(tenant, connection)));
    const auto parsed = json::parse(plain);
    if (!parsed || parsed->root.if_object() == nullptr) {
        return domain::fail(
            domain::Errc::configuration,
            "The stored credentials are no JSON object; remove the connection and add it again.");
    }
    return *parsed->root.if_object();
}

}  // namespace tributary::sync
