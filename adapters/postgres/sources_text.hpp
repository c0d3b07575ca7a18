// The streams a document was made of, as the text its row keeps: one a line, connection id, space, stream
// name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

std::string sources_to_text(std::span<const domain::ports::StreamRef> sources);
/// Lines that are none of ours are left out.
std::vector<domain::ports::StreamRef> sources_from_text(std::string_view text);

}  // namespace tributary::postgres
