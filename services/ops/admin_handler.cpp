#include "services/ops/admin_handler.hpp"

#include <utility>

namespace tributary::ops {

using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

HttpReply text_reply(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
    HttpReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", std::move(type));
    reply.fields.add("Cache-Control", "no-store");
    reply.body = std::move(body);
    return reply;
}

}  // namespace

AdminHandler::AdminHandler(domain::ports::AdminStore& store, Metrics& metrics, std::function<bool()> draining,
                           std::function<void()> before_scrape)
    : store_(store),
      metrics_(metrics),
      draining_(std::move(draining)),
      before_scrape_(std::move(before_scrape)) {}

Task<std::optional<HttpReply>> AdminHandler::admit(HttpRequest& head) {
    const bool asks_what_there_is = head.method == "OPTIONS";
    const bool known = head.path == "/livez" || head.path == "/readyz" || head.path == "/metrics";
    if (!known && !(asks_what_there_is && head.path == "*")) {
        co_return text_reply(404, "There are /livez, /readyz and /metrics.\n");
    }
    if (head.method != "GET" && head.method != "HEAD") {
        HttpReply reply =
            asks_what_there_is ? HttpReply{.status = 204} : text_reply(405, "Only GET, HEAD and OPTIONS.\n");
        reply.fields.add("Allow", "GET, HEAD, OPTIONS");
        co_return reply;
    }
    co_return std::nullopt;
}

Task<HttpReply> AdminHandler::handle(HttpRequest request) {
    if (request.path == "/livez") {
        co_return text_reply(200, "ok\n");
    }
    if (request.path == "/metrics") {
        before_scrape_();
        co_return text_reply(200, metrics_.text(), "text/plain; version=0.0.4; charset=utf-8");
    }
    co_return co_await readiness();
}

Task<HttpReply> AdminHandler::readiness() {
    if (draining_()) {
        co_return text_reply(503, "[-]serving failed: stopping\n");
    }
    const auto ready = co_await store_.ready();
    if (!ready) {
        co_return text_reply(503, "[-]database failed: " + std::string(name_of(ready.error().code)) + "\n");
    }
    co_return text_reply(200, "[+]database ok\nok\n");
}

}  // namespace tributary::ops
