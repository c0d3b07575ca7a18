#include "services/sync/identifier_hash.hpp"

#include "domain/content_hash.hpp"

namespace tributary::sync {

view::IdentifierHash identifier_hash(const domain::ports::Sealer& sealer) {
    return [&sealer](domain::ports::IdentifierKind kind, std::string_view text) {
        const std::string keyed =
            sealer.fingerprint("identifier:" + std::string(domain::name_of(kind)), text);
        return domain::hex_text(keyed);
    };
}

}  // namespace tributary::sync
