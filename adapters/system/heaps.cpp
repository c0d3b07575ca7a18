#include "adapters/system/heaps.hpp"

#include <malloc.h>

namespace tributary::system {

void share_heaps() {
#ifdef M_ARENA_MAX
    // No other thread runs yet.
    mallopt(M_ARENA_MAX, 2);  // NOLINT(concurrency-mt-unsafe)
#endif
}

}  // namespace tributary::system
