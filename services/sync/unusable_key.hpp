// Keys that cannot name anything. Pure.
#pragma once

#include "domain/observation.hpp"

namespace tributary::sync {

/// Moves objects whose key no index takes (empty, endless, with control characters) to the page's quarantine:
/// such an object costs itself, not its page.
void quarantine_unusable(domain::Page& page);

}  // namespace tributary::sync
