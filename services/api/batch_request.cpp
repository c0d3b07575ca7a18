#include "services/api/batch_request.hpp"

#include <string>

#include "domain/json/value.hpp"
#include "services/admin/json_body.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Error;
using domain::Uuid;

std::expected<std::vector<Uuid>, std::vector<Error>> read_batch_request(std::string_view body) {
    const auto parsed = admin::read_json_body(body);
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    std::vector<Error> faults;
    const auto fault = [&faults](std::string detail, std::string pointer) {
        faults.push_back({Errc::invalid_input, std::move(detail), std::move(pointer)});
    };
    const json::Object* members = parsed->if_object();
    if (members == nullptr) {
        return std::unexpected(
            std::vector<Error>{{Errc::invalid_input, R"(Send an object: {"ids": [...]}.)", ""}});
    }
    for (const json::Entry& member : *members) {
        if (member.key != "ids") {
            fault("This member is not known here; there is ids.", domain::pointer_step("", member.key));
        }
    }
    const json::Value* ids = parsed->find("ids");
    const json::Array* list = ids == nullptr ? nullptr : ids->if_array();
    if (list == nullptr || list->empty() || list->size() > most_in_batch) {
        fault("ids must be a list of 1 to 1000 ids.", "/ids");
        return std::unexpected(faults);
    }
    std::vector<Uuid> found;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string* text = (*list)[i].if_string();
        const auto id = text == nullptr ? std::nullopt : domain::parse_uuid(*text);
        if (id) {
            found.push_back(*id);
        } else {
            fault("This is no id.", "/ids/" + std::to_string(i));
        }
    }
    if (!faults.empty()) {
        return std::unexpected(faults);
    }
    return found;
}

}  // namespace tributary::api
