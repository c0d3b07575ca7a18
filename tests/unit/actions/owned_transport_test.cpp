#include "services/actions/owned_transport.hpp"

#include <doctest/doctest.h>

#include "tests/support/run_task.hpp"

using namespace tributary;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;

namespace {

/// Waits for a connection, so to speak, and asks then.
class LateTransport final : public domain::ports::HttpTransport {
  public:
    domain::ports::Task<domain::Result<HttpAnswer>> send(HttpCall call) override {
        if (while_waiting) while_waiting();
        if (call.may_leave && !call.may_leave()) {
            co_return domain::fail(domain::Errc::throttled, "Held back.");
        }
        ++sent;
        co_return HttpAnswer{200};
    }

    std::function<void()> while_waiting;
    int sent = 0;
};

}  // namespace

TEST_CASE("a request whose sender lost the action while it waited for a connection does not leave") {
    LateTransport late;
    bool owned = true;
    actions::OwnedTransport transport(late, [&owned] { return owned; });
    CHECK(tests::run_task(transport.send({})).has_value());
    late.while_waiting = [&owned] { owned = false; };
    const auto answer = tests::run_task(transport.send({}));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == domain::Errc::throttled);
    CHECK(late.sent == 1);
}

TEST_CASE("a request that somebody else holds back does not leave, whoever owns the action") {
    LateTransport late;
    actions::OwnedTransport transport(late, [] { return true; });
    HttpCall call;
    call.may_leave = [] { return false; };
    CHECK_FALSE(tests::run_task(transport.send(std::move(call))).has_value());
    CHECK(late.sent == 0);
}
