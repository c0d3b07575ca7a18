// How far a failure reaches. Pure.
#pragma once

#include "domain/error.hpp"

namespace tributary::sync {

/// Trouble that no other stream of the run can escape.
inline bool ends_the_run(domain::Errc code) {
    using enum domain::Errc;
    return code == unauthenticated || code == stale_owner || code == cancelled || code == configuration ||
           code == in_doubt || code == internal;
}

}  // namespace tributary::sync
