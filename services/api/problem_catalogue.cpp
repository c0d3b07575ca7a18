#include "services/api/problem_catalogue.hpp"

#include <algorithm>

namespace tributary::api {

namespace {

constexpr ProblemKind catalogue[] = {
    {"merged", 308, "Merged", "Two customers turned out to be one, and this id is the one that went.",
     "Follow Location, and keep the new id."},
    {"invalid_request", 400, "Invalid request",
     "Something in the path, the query or the body is not what this operation takes.",
     "Look at errors: each entry has a JSON pointer (of the body, or /name of a query parameter) and a "
     "sentence."},
    {"malformed_delivery", 400, "Malformed delivery", "A webhook arrived without what a delivery must carry.",
     "Nothing, unless you are the provider: then sign it as you document."},
    {"malformed_request_line", 400, "Bad Request",
     "The first line is not METHOD, one space, TARGET, one space, HTTP/1.1.", "Use an HTTP library."},
    {"bad_target", 400, "Bad Request", "The target is not a path in visible ASCII without a fragment.",
     "Percent-encode what is neither a letter nor a digit."},
    {"bad_line_ending", 400, "Bad Request",
     "A line of the head does not end in carriage return and line feed.", "Use an HTTP library."},
    {"folded_header", 400, "Bad Request", "A header field goes on in a second line.", "Put it on one line."},
    {"bad_header", 400, "Bad Request",
     "A header field has no colon, a space before it, or a control character.",
     "Look at what your client or a proxy adds."},
    {"duplicate_header", 400, "Bad Request",
     "A field that must stand alone, such as Host or Authorization, was sent more than once.",
     "Send it once."},
    {"missing_host", 400, "Bad Request", "HTTP/1.1 requires a Host field.", "Send it."},
    {"bad_host", 400, "Bad Request", "The Host field is no host name or address with an optional port.",
     "Look at the address you use."},
    {"conflicting_length", 400, "Bad Request", "The request has both Content-Length and Transfer-Encoding.",
     "Send Content-Length alone."},
    {"bad_content_length", 400, "Bad Request", "Content-Length is not one number in digits.",
     "Send how many bytes the body has."},
    {"body_not_allowed", 400, "Bad Request", "GET, HEAD, DELETE and OPTIONS have no body here.",
     "Send it without one."},
    {"unauthenticated", 401, "Not authenticated",
     "There is no key or token, or it is unknown, expired or revoked.",
     "Send Authorization: Bearer with a valid API key or token."},
    {"unverified_delivery", 401, "Unverified delivery",
     "The signature of a webhook does not prove who sent it.",
     "Nothing, unless you are the provider: then sign with a key that you publish."},
    {"missing_scope", 403, "Missing scope", "The key or token is good, but may not do this.",
     "Ask for one with the scope that the sentence names."},
    {"no_customer", 403, "No customer", "The path says me, and the token names no customer.",
     "Use an id, or a token with the claim tributary_customer."},
    {"permission_denied", 403, "Not allowed", "The key or token is good, but not for this object.",
     "The sentence says why."},
    {"not_found", 404, "Not found", "The path or the object does not exist, or belongs to somebody else.",
     "Look at the path and the id; what others have answers as what does not exist."},
    {"method_not_allowed", 405, "Method Not Allowed", "The path exists, but not with this method.",
     "Allow names those it has."},
    {"not_acceptable", 406, "Not acceptable", "Accept asks for a kind of answer that there is not.",
     "Accept application/json (and application/problem+json)."},
    {"request_timeout", 408, "Request Timeout", "The head or the body did not arrive in time.",
     "Send it again, in one go."},
    {"conflict", 409, "Conflict", "What is there does not allow this now.",
     "The sentence says what stands in the way."},
    {"ambiguous_number", 409, "Ambiguous number", "Several of the customer's objects have this number.",
     "errors names them; ask for one by its id."},
    {"expired", 410, "Expired",
     "The moment or position asked for is older than what is kept, or a restore undid it.",
     "Start over: read the lists anew, and follow the feed from their Tributary-Position."},
    {"length_required", 411, "Length Required", "The body came in chunks.", "Send it with a Content-Length."},
    {"body_too_large", 413, "Content Too Large", "The body is larger than this server takes.",
     "Send less at once."},
    {"target_too_long", 414, "URI Too Long", "Path and query together are longer than this server takes.",
     "Shorten them; ask for many ids with :batchGet."},
    {"unsupported_media_type", 415, "Unsupported media type", "The body is not labelled as JSON.",
     "Send Content-Type: application/json."},
    {"expectation_failed", 417, "Expectation Failed", "The only expectation met here is 100-continue.",
     "Leave the field Expect out."},
    {"rate_limited", 429, "Too many requests", "Your budget of requests is used up.",
     "Wait as long as Retry-After says; RateLimit tells how much is left."},
    {"header_too_large", 431, "Request Header Fields Too Large",
     "The header fields are larger than this server takes.", "Send fewer or shorter ones."},
    {"too_many_headers", 431, "Request Header Fields Too Large",
     "There are more header fields than this server takes.", "Send fewer."},
    {"internal", 500, "Internal Server Error", "The request failed before an answer was made.",
     "Try again; if it lasts, tell us the request id."},
    {"internal_error", 500, "Internal error", "Something went wrong here, and it was logged.",
     "Try again; if it lasts, tell us the request id."},
    {"method_not_implemented", 501, "Not Implemented", "This server does not know the method at all.",
     "Look at the spelling: methods are written in capitals."},
    {"transfer_encoding_not_implemented", 501, "Not Implemented",
     "The body came in a transfer encoding that is not known here.",
     "Send it with a Content-Length and no encoding."},
    {"stale_data", 503, "Stale data",
     "You asked for younger data with on_stale=fail, and they did not come in time.",
     "Try again after Retry-After, wait longer, or take what there is with on_stale=serve."},
    {"temporarily_unavailable", 503, "Temporarily unavailable",
     "Something that is needed to answer is away for a moment.", "Try again after Retry-After."},
    {"too_many_streams", 503, "Too many streams",
     "Your tenant has as many streams of events open as this server gives to one.",
     "Close some, or poll with wait."},
    {"too_many_connections", 503, "Service Unavailable", "This server holds as many connections as it can.",
     "Try again shortly, and keep connections open for several requests."},
    {"timed_out", 504, "Gateway Timeout", "The request could not be answered in time.",
     "Try again; what was asked may have been done."},
    {"unsupported_version", 505, "HTTP Version Not Supported", "This server speaks HTTP/1.1 and HTTP/1.0.",
     "Use one of them."},
};

}  // namespace

std::span<const ProblemKind> problem_catalogue() {
    return catalogue;
}

const ProblemKind* find_problem(std::string_view code) {
    const auto* found = std::ranges::find(catalogue, code, &ProblemKind::code);
    return found == std::end(catalogue) ? nullptr : found;
}

}  // namespace tributary::api
