#include "adapters/system/threads.hpp"

#include <pthread.h>
#include <sched.h>

namespace tributary::system {

void let_others_finish() {
#ifdef SCHED_BATCH
    // Who runs the service under another policy has his reasons.
    if (sched_getscheduler(0) != SCHED_OTHER) return;
    const sched_param no_priority{};
    pthread_setschedparam(pthread_self(), SCHED_BATCH, &no_priority);
#endif
}

}  // namespace tributary::system
