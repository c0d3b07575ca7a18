// Which moment a request asks for, and which one its answer tells.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/http/target.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/moment.hpp"

namespace tributary::api {

/// `as_of` of the query and `Min-Position` of the header block. Every fault with its pointer.
std::expected<domain::ports::ReadAt, std::vector<domain::Error>> read_at_of(
    const domain::Uuid& tenant, const http::Query& query, const domain::ports::HttpFields& fields);

/// As it is written in a query, encoded; empty where there is none.
std::string as_of_text(const std::optional<domain::ports::Moment>& moment);

/// `Tributary-Position`: the answer shows all up to there.
void add_position(domain::ports::HttpReply& reply, const domain::ports::Commit& moment);

}  // namespace tributary::api
