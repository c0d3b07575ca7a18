#include "services/actions/arguments.hpp"

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::actions {

namespace {

std::string context_of(const domain::Uuid& tenant, const domain::Uuid& action) {
    return "action:" + to_text(tenant) + ":" + to_text(action);
}

}  // namespace

std::string seal_arguments(domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                           const domain::Uuid& action, const json::Object& arguments) {
    return sealer.seal(json::write(arguments), context_of(tenant, action));
}

domain::Result<json::Object> open_arguments(const domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                                            const domain::Uuid& action, const std::string& sealed) {
    TRIBUTARY_TRY_LET(plain, sealer.open(sealed, context_of(tenant, action)));
    const auto parsed = json::parse(plain);
    if (!parsed || parsed->root.if_object() == nullptr) {
        return domain::fail(domain::Errc::configuration,
                            "The stored arguments of an action are no JSON object.");
    }
    return *parsed->root.if_object();
}

}  // namespace tributary::actions
