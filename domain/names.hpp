// Names, e-mails, phones and tax numbers in the one form in which they are compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/profile.hpp"

namespace tributary::domain {

/// Unicode NFKC, case folded, white space collapsed and trimmed. Nothing for text that is no UTF-8.
std::optional<std::string> normalized_text(std::string_view text);
/// First and last name, or the legal name of an entity, normalized. Middle names are left out: few providers
/// have them. Nothing where either half is missing.
std::optional<std::string> full_name(const Profile& profile);
std::optional<std::string> normalized_email(const Profile& profile);
/// E.164 only: a leading '+' and 7 to 15 digits, separators dropped.
std::optional<std::string> normalized_phone(const Profile& profile);

struct TaxNumber {
    /// Digits and letters of a number that is not masked.
    std::optional<std::string> full;
    /// The last four, masked or not.
    std::optional<std::string> last_four;
};

TaxNumber normalized_tax(const Profile& profile);

}  // namespace tributary::domain
