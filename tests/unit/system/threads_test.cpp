#include "adapters/system/threads.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <thread>

using namespace tributary;

TEST_CASE("a thread that lets others finish runs in batches, and no other thread of the process does") {
    int policy = -1;
    std::thread([&policy] {
        system::let_others_finish();
        policy = sched_getscheduler(0);
    }).join();
    CHECK(policy == SCHED_BATCH);
    CHECK(sched_getscheduler(0) == SCHED_OTHER);
}
