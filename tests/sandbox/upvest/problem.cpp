#include "tests/sandbox/upvest/problem.hpp"

#include "domain/json/write.hpp"
#include "tests/sandbox/face/reply.hpp"

namespace tributary::sandbox {

HttpReply upvest_problem(const HttpRequest& request, int status, std::string_view slug,
                         std::string_view detail) {
    const json::Object body{{"type", "https://docs.upvest.co/errors/" + std::string(slug)},
                            {"title", slug},
                            {"status", status},
                            {"detail", detail},
                            {"instance", request.path},
                            {"request_id", request.request_id}};
    return text_reply(status, "application/problem+json", json::write(body));
}

}  // namespace tributary::sandbox
