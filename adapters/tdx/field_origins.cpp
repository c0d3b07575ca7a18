#include "adapters/tdx/field_origins.hpp"

namespace tributary::tdx {

using decode::OriginRow;

std::span<const OriginRow> field_origins(std::string_view stream) {
    static const std::vector<OriginRow> of_users{
        {"kind", {"type"}},   {"first_name", {"firstname"}}, {"last_name", {"lastname"}},
        {"email", {"email"}}, {"phone", {"phoneNumber"}},    {"source_updated_at", {"updatedAt"}},
    };
    return stream == "user" || stream == "users" ? std::span(of_users) : std::span<const OriginRow>();
}

}  // namespace tributary::tdx
