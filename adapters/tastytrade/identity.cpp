#include "adapters/tastytrade/identity.hpp"

#include <optional>

#include "adapters/decode/whole_number.hpp"

namespace tributary::tastytrade {

namespace {

std::optional<std::string> usable_id(const json::Value* id) {
    if (id == nullptr) {
        return std::nullopt;
    }
    if (const json::Number* number = id->if_number()) {
        return decode::is_whole(*number) ? std::optional(number->lexeme) : std::nullopt;
    }
    const std::string* text = id->if_string();
    return text != nullptr && !text->empty() ? std::optional(*text) : std::nullopt;
}

}  // namespace

std::string profile_id(const json::Object& customer, const Identity& identity,
                       std::vector<domain::DriftNote>& notes) {
    const json::Value* person = json::find(customer, "person");
    const std::optional<std::string> own = usable_id(json::find(customer, "external-id"));
    const std::optional<std::string> of_person =
        usable_id(person != nullptr ? person->find("external-id") : nullptr);
    if (!identity.profile) {
        return own.value_or(of_person.value_or(identity.connection));
    }
    const bool told = own.has_value() || of_person.has_value();
    if (told && *identity.profile != identity.connection && identity.profile != own &&
        identity.profile != of_person) {
        notes.push_back(
            {domain::DriftKind::other, "external-id", "not the id that this connection began with"});
    }
    return *identity.profile;
}

}  // namespace tributary::tastytrade
