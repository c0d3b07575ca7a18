#include "adapters/tastytrade/identity.hpp"

#include <optional>

#include "adapters/decode/whole_number.hpp"

namespace tributary::tastytrade {

std::string profile_id(const json::Object& customer, const Identity& identity,
                       std::vector<domain::DriftNote>& notes) {
    const json::Value* person = json::find(customer, "person");
    const std::optional<std::string> own = decode::id_text(json::find(customer, "external-id"));
    const std::optional<std::string> of_person =
        decode::id_text(person != nullptr ? person->find("external-id") : nullptr);
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
