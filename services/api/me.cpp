#include "services/api/me.hpp"

#include "services/api/problem.hpp"

namespace tributary::api {

using domain::ports::HttpReply;
using domain::ports::Task;

Task<std::expected<RequestContext, HttpReply>> me_resolved(domain::ports::ReadStore& store,
                                                           RequestContext context) {
    if (context.id != "me") {
        co_return context;
    }
    if (!context.principal.customer) {
        co_return std::unexpected(problem(
            403, "no_customer", "'me' is for tokens that speak for a customer; this credential names none."));
    }
    const auto named = domain::parse_uuid(*context.principal.customer);
    if (!named) {
        co_return std::unexpected(no_such_object());
    }
    const auto customer = co_await store.customer_named(context.at, *named);
    if (!customer) {
        co_return std::unexpected(problem_of(context.log, customer.error()));
    }
    if (!*customer) {
        co_return std::unexpected(no_such_object());
    }
    context.id = to_text(**customer);
    co_return context;
}

}  // namespace tributary::api
