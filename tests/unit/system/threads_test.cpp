#include "adapters/system/threads.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <thread>

using namespace tributary;

#ifdef SCHED_BATCH
TEST_CASE(
    "a thread that lets others finish runs in batches, unless it has a policy of its own, and its maker goes "
    "on as before") {
    const int before = sched_getscheduler(0);
    int policy = -1;
    std::thread([&policy] {
        system::let_others_finish();
        policy = sched_getscheduler(0);
    }).join();
    CHECK(policy == (before == SCHED_OTHER ? SCHED_BATCH : before));
    CHECK(sched_getscheduler(0) == before);
}
#endif
