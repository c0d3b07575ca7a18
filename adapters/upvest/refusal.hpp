// What an answer of Upvest's that is no success means. Pure.
#pragma once

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::upvest {

/// What was asked for decides what "not found" says.
enum class Subject {
    token,
    list,
    single_object,  ///< 404 and 410 say that the object is gone
    action,         ///< 400 and 422 say that the order is wrong, 404 and 410 that what it is about is missing
};

/// The error behind an answer whose status is not 200: what the status means to every provider, refined by
/// the last segment of the problem's `type`. The detail names that slug and Upvest's request id, which its
/// support asks for. `now` is for a Retry-After that names a time. Upvest, API errors.
domain::Error refusal(const domain::ports::HttpAnswer& answer, Subject subject, domain::Timestamp now);

}  // namespace tributary::upvest
