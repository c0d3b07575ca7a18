#include "services/admin/json_body.hpp"

#include <utility>

#include "domain/json/parse.hpp"

namespace tributary::admin {

using domain::Errc;
using domain::Error;

std::expected<json::Value, std::vector<Error>> read_json_body(std::string_view text) {
    auto parsed = json::parse(text);
    if (!parsed) {
        return std::unexpected(std::vector<Error>{{Errc::invalid_input, parsed.error().detail}});
    }
    std::vector<Error> faults;
    for (const std::string& pointer : parsed->duplicate_keys) {
        faults.push_back({Errc::invalid_input, "This member is given twice.", pointer});
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return std::move(parsed->root);
}

}  // namespace tributary::admin
