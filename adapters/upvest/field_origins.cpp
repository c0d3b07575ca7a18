#include "adapters/upvest/field_origins.hpp"

namespace tributary::upvest {

using decode::OriginRow;

std::span<const OriginRow> field_origins(std::string_view stream) {
    // `kind` has no place: every user is a person.
    static const std::vector<OriginRow> of_users{
        {"salutation", {"salutation"}},
        {"title", {"title"}},
        {"first_name", {"first_name"}},
        {"last_name", {"last_name"}},
        {"birth_name", {"birth_name"}},
        {"birth_date", {"birth_date"}},
        {"decease_date", {"decease_date"}},
        {"email", {"email"}},
        {"phone", {"phone_number"}},
        {"addresses", {"address", "postal_address"}},
        {"citizenship.birth_city", {"birth_city"}},
        {"citizenship.birth_country", {"birth_country"}},
        {"citizenship.nationalities", {"nationalities"}},
        {"tax.number", {"social_security_number"}},
        {"agreements.terms_and_conditions_confirmed_at", {"terms_and_conditions.confirmed_at"}},
        {"agreements.data_privacy_confirmed_at", {"data_privacy_and_sharing_agreement.confirmed_at"}},
        {"agreements.fatca_confirmed_at", {"fatca.confirmed_at"}},
        {"source_updated_at", {"updated_at"}},
    };
    return stream == "users" ? std::span(of_users) : std::span<const OriginRow>();
}

}  // namespace tributary::upvest
