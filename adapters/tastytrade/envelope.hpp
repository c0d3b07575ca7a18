// The shell around every tastytrade answer: {"data": ..., "context": ...}, and around every refusal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// A parsed success. `context` is never checked: it repeats the path, and the documentation's own example has
/// a wrong one.
struct Envelope {
    json::Object data;
    /// What is odd about the envelope itself, and keys that appeared twice anywhere in it.
    std::vector<domain::DriftNote> notes;
};

/// Errc::contract where the body is no JSON, no envelope, or holds anything but an object in `data`.
/// `endpoint` names the answer in the error ("the customer").
domain::Result<Envelope> open_envelope(std::string_view body, std::string_view endpoint);

/// The items of a list. Errc::contract where there is no array of them, or where the answer says that it is
/// one page of several: this list is documented as whole, and taking a part for it would remove the rest.
domain::Result<json::Array> take_items(Envelope& envelope, std::string_view endpoint);

/// What a refusal says of itself.
struct RefusalBody {
    /// The body is JSON with an error in one of the three known envelopes:
    /// {"error": {"code": text or number, ...}}, {"error": text}, {"error_code": text}.
    bool is_error_envelope = false;
    /// The provider's code, safe to show; empty where it gave none or none that looks like a code.
    std::string code;
};

RefusalBody read_refusal(std::string_view body);

}  // namespace tributary::tastytrade
