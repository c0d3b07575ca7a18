// The parameters every list takes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/http/target.hpp"
#include "domain/uuid.hpp"

namespace tributary::api {

inline constexpr std::size_t default_page_size = 50;
inline constexpr std::size_t max_page_size = 1'000;

/// 50 where it is not given or 0; more than 1000 is taken as 1000. Errc::invalid_input where it is no whole
/// number or negative.
domain::Result<std::size_t> page_size_of(const http::Query& query);
/// A name in lower case, as streams have; nothing where it is not given.
domain::Result<std::optional<std::string>> name_parameter(const http::Query& query, std::string_view name);
/// One of `choices`; nothing where it is not given. Errc::invalid_input, with all of them, where it is none.
domain::Result<std::optional<std::string>> choice_parameter(const http::Query& query, std::string_view name,
                                                            std::span<const std::string_view> choices);
/// `connection_id`; nothing where it is not given.
domain::Result<std::optional<domain::Uuid>> connection_parameter(const http::Query& query);
/// "true" or "false"; false where it is not given.
domain::Result<bool> flag_of(const http::Query& query, std::string_view name);

}  // namespace tributary::api
