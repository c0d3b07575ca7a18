// The bytes of a request. Written here and not by a library, because providers sign them.
#pragma once

#include <string>

#include "adapters/http/client/origin.hpp"
#include "domain/error.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

/// The request as it goes on the wire, target and fields exactly as given, with Host, Accept-Encoding:
/// identity and (for a body, or a method that has one) Content-Length added. Errc::configuration where a part
/// holds a control character or is otherwise no part of a request, or where the call sets a field that is the
/// transport's own; the detail never quotes values.
domain::Result<std::string> wire_text(const domain::ports::HttpCall& call, const Origin& origin);

}  // namespace tributary::http
