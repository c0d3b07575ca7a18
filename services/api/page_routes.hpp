// The documentation of the API: the OpenAPI document, the page that shows it, and the pages about problems.
// No key is asked for, and nothing of a tenant is in them.
#pragma once

#include "domain/ports/http.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// Whether the endpoint is one of these pages.
bool is_page(Endpoint endpoint);
/// The page, 304 where the caller has it already, or 404. Only for an endpoint that is a page.
domain::ports::HttpReply page_reply(const RequestContext& context, const domain::ports::HttpRequest& head);

}  // namespace tributary::api
