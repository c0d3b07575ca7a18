#include "adapters/system/threads.hpp"

#include <pthread.h>
#include <sched.h>

namespace tributary::system {

void let_others_finish() {
#ifdef SCHED_BATCH
    const sched_param no_priority{};
    pthread_setschedparam(pthread_self(), SCHED_BATCH, &no_priority);
#endif
}

}  // namespace tributary::system
