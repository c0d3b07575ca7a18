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

}  // namespace tributary::tastytrade
