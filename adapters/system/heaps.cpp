#include "adapters/system/heaps.hpp"

#include <malloc.h>

namespace tributary::system {

void share_heaps() {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace tributary::system
