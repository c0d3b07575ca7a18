// tastytrade's objects as JSON.
#pragma once

#include <string>

#include "domain/json/value.hpp"
#include "tests/sandbox/population/person.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

enum class CustomerStyle {
    production,     ///< every documented key
    certification,  ///< the fewer keys that the certification environment was seen to send
    loose,          ///< booleans and amounts as text, enumerations nobody documented
};
json::Object tastytrade_customer(const Person& person, CustomerStyle style, Rng& rng);
/// A company instead of a person.
json::Object tastytrade_entity(const Person& officer, Rng& rng);

enum class AccountStyle { production, certification, loose, closed };
json::Object tastytrade_account(const std::string& number, AccountStyle style, Rng& rng);

}  // namespace tributary::sandbox
