// From the bytes of a successful answer to a page. Pure: the same bytes and identity give the same page.
#pragma once

#include <string>
#include <string_view>

#include "adapters/tastytrade/identity.hpp"
#include "domain/error.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// The customer: always one observation, because every customer can be keyed. Page.self tells the key.
domain::Result<domain::Page> decode_customer(std::string_view body, const Identity& identity);

/// The accounts that the customer `profile` reaches. One without a number is quarantined.
domain::Result<domain::Page> decode_accounts(std::string_view body, const std::string& profile);

/// One account asked for by its number: one observation, or Errc::contract where the answer is about another.
domain::Result<domain::Page> decode_account(std::string_view body, const std::string& profile,
                                            std::string_view number);

/// One object of `stream` as it stands in a record. Accounts belong to `self`, and a customer is named by it;
/// Errc::conflict where that is not known. Errc::invalid_input for an unknown stream.
domain::Result<domain::Page> decode_stored(std::string_view stream, const json::Value& raw,
                                           const domain::SelfIds& self);

inline constexpr std::string_view customer_stream = "customer";
inline constexpr std::string_view accounts_stream = "accounts";

}  // namespace tributary::tastytrade
