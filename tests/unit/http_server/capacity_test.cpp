#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RunningListener;

namespace {

constexpr std::string_view get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

// While it lives, this process can open no further descriptor.
class DescriptorShortage {
  public:
    DescriptorShortage() {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit lowered = before_;
        lowered.rlim_cur = 256;
        setrlimit(RLIMIT_NOFILE, &lowered);
        for (int fd = open("/dev/null", O_RDONLY); fd >= 0; fd = open("/dev/null", O_RDONLY)) {
            fillers_.push_back(fd);
        }
    }

    DescriptorShortage(const DescriptorShortage&) = delete;
    DescriptorShortage& operator=(const DescriptorShortage&) = delete;

    ~DescriptorShortage() {
        for (const int fd : fillers_) {
            close(fd);
        }
        setrlimit(RLIMIT_NOFILE, &before_);
    }

  private:
    rlimit before_{};
    std::vector<int> fillers_;
};

void wait_for_pauses(const RunningListener& server, std::uint64_t count) {
    while (server.counters().accept_pauses < count) {
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("a connection beyond the cap is answered 503, and its place is free again once another closes") {
    http::ListenerOptions options;
    options.max_connections = 2;
    RunningListener server(options);
    RawClient first(server.port());
    {
        RawClient second(server.port());
        second.send(get_x);
        CHECK(second.read_answer().status == 200);
        RawClient third(server.port());
        const auto answer = third.read_answer();
        CHECK(answer.status == 503);
        CHECK(answer.field("Retry-After") == "1");
        CHECK(answer.field("Connection") == "close");
        CHECK(answer.field("X-Request-Id").size() == 23);
        CHECK(answer.body.contains("too_many_connections"));
        CHECK(answer.body.contains(R"("retry_after_s":1)"));
        CHECK(answer.body.contains("/requests/" + answer.field("X-Request-Id")));
        CHECK(third.is_ended());
        CHECK(server.counters().refused_at_capacity == 1);
        CHECK(server.counters().open_connections == 2);
    }
    while (server.counters().open_connections == 2) {
        std::this_thread::yield();
    }
    RawClient fourth(server.port());
    fourth.send(get_x);
    CHECK(fourth.read_answer().status == 200);
    first.send(get_x);
    CHECK(first.read_answer().status == 200);
}

TEST_CASE("accepting pauses instead of spinning while descriptors are short, and goes on afterwards") {
    RunningListener server;
    RawClient client;
    {
        const DescriptorShortage shortage;
        client.connect(server.port());
        client.send(get_x);
        wait_for_pauses(server, 1);
        // The server has nothing to say meanwhile; without a pause it would try hundreds of thousands of
        // times.
        CHECK_FALSE(client.has_answer_within(300ms));
        CHECK(server.counters().accept_pauses < 20);
    }
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("an idle connection gives way when descriptors are short") {
    RunningListener server;
    RawClient idle(server.port());
    idle.send(get_x);
    CHECK(idle.read_answer().status == 200);
    RawClient client;
    const DescriptorShortage shortage;
    client.connect(server.port());
    client.send(get_x);
    CHECK(idle.is_ended());
    CHECK(client.read_answer().status == 200);
}
