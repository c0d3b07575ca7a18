// Our listener with nothing behind it: a handler that has one finished answer for everything.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "adapters/crypto/random.hpp"
#include "adapters/http/server/listener.hpp"
#include "adapters/system/system_clock.hpp"
#include "finished_answer.hpp"
#include "server_loops.hpp"

using namespace tributary;
using namespace tributary::domain::ports;

namespace {

class FinishedAnswer final : public HttpHandler {
  public:
    bool at_once(const RequestView& /*request*/, std::unique_ptr<ConnectionMemory>& /*memory*/,
                 ReadyReply& reply) override {
        reply.fields = bench::answer_fields;
        reply.body = *body_;
        reply.owner = body_;
        return true;
    }

    Task<std::optional<HttpReply>> admit(HttpRequest& /*head*/) override {
        co_return HttpReply{.status = 404};
    }

    Task<HttpReply> handle(HttpRequest /*request*/) override { co_return HttpReply{.status = 404}; }

  private:
    std::shared_ptr<const std::string> body_ = std::make_shared<const std::string>(bench::answer_body());
};

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = bench::server_arguments(argc, argv);
    FinishedAnswer handler;
    system::SystemClock clock;
    crypto::SystemRandom random;
    bench::ServerLoops loops(arguments.threads);
    auto listener = http::Listener::listen(loops.all(), {.port = arguments.port});
    if (!listener) {
        std::cerr << listener.error().detail << '\n';
        return EXIT_FAILURE;
    }
    listener->serve({.handler = handler, .clock = clock, .random = random});
    loops.run();
}
