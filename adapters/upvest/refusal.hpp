// What an answer of Upvest's that is no success means. Pure.
#pragma once

#include "domain/error.hpp"
#include "domain/ports/http.hpp"

namespace tributary::upvest {

/// What was asked for decides what "not found" says.
enum class Subject {
    token,
    list,
    single_object,  ///< 404 and 410 say that the object is gone
};

/// The error behind an answer whose status is not 200. The detail names the status, Upvest's own slug (the
/// last segment of the problem's `type`) and its request id, which its support asks for. Upvest, API errors.
domain::Error refusal(const domain::ports::HttpAnswer& answer, Subject subject);

}  // namespace tributary::upvest
