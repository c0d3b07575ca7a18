// What a request for a list of documents asks: its parameters, read and found well, and what of them must
// stay the same from page to page. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/read_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// What is asked, and of which moment: the one that a walk began with, or `as_of`.
struct AskedList {
    domain::ports::ListQuery query;
    domain::ports::ReadAt at;
};

/// `query`, whose kind is known, with filters, order, size and place as the request has them. `providers` are
/// the names that there are. Every fault is told, Errc::invalid_input with the parameter.
std::expected<AskedList, std::vector<domain::Error>> read_list_query(
    const RequestContext& context, domain::ports::ListQuery query, const domain::ports::Sealer& sealer,
    std::span<const std::string_view> providers);
/// The parameters that the next page must be asked with, each with its '&' in front, in one order and
/// encoded.
std::string kept_parameters(const RequestContext& context, const domain::ports::ListQuery& query);
/// The token of the page behind this place.
std::string next_page_token(const RequestContext& context, const domain::ports::ListQuery& query,
                            const domain::ports::DocumentPage& page, const domain::ports::Sealer& sealer);

}  // namespace tributary::api
