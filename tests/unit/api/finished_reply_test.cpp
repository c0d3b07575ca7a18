#include "services/api/finished_reply.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "services/api/problem.hpp"
#include "services/api/request_context.hpp"

using namespace tributary;
using domain::ports::HttpReply;

namespace {

const std::string described = R"(</openapi.json>; rel="service-desc", </docs>; rel="service-doc")";

api::Exchange exchange() {
    return {"c0ffee-3", "4bf92f3577b34da6a3ce929d0e0e4736"};
}

std::vector<std::string> fields(const HttpReply& reply, std::string_view name) {
    std::vector<std::string> found;
    for (const auto& [field, value] : reply.fields) {
        if (field == name) {
            found.push_back(value);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("a problem names its request and its trace, and where the API is described") {
    const HttpReply reply =
        api::finished(api::problem(404, "not_found", "There is no such object."), exchange());
    CHECK(reply.body ==
          R"({"type":"/problems/not_found","title":"Not found","status":404,"code":"not_found",)"
          R"("detail":"There is no such object.","instance":"/requests/c0ffee-3",)"
          R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})");
    CHECK(fields(reply, "Link") == std::vector{described});
    CHECK(fields(reply, "RateLimit").empty());
}

TEST_CASE("a problem that tells when to come back says so in its body, too") {
    const HttpReply reply = api::finished(api::problem(503, "temporarily_unavailable", "Later."), exchange());
    CHECK(reply.fields.find("Retry-After") == "2");
    CHECK(reply.body.ends_with(R"(,"retry_after_s":2})"));
}

TEST_CASE("a list keeps its link to the next page beside those to the description") {
    HttpReply page = api::json_reply(R"({"items":[]})");
    page.fields.add("Link", "</v1/runs?page_token=x>; rel=\"next\"");
    api::Exchange asked = exchange();
    asked.lists = true;
    const HttpReply reply = api::finished(page, asked);
    CHECK(fields(reply, "Link") ==
          std::vector<std::string>{"</v1/runs?page_token=x>; rel=\"next\"", described});
    CHECK(reply.body == R"({"items":[]})");
    CHECK(fields(api::finished(HttpReply{.status = 304}, asked), "Link").empty());
}

TEST_CASE("an object is sent as it is, with how often its reader may ask") {
    api::Exchange asked = exchange();
    asked.rate = api::RateVerdict{true, 60'000, 2999, std::chrono::seconds(1)};
    const HttpReply reply = api::finished(api::json_reply(R"({"id":1})"), asked);
    CHECK(reply.body == R"({"id":1})");
    CHECK(fields(reply, "Link").empty());
    CHECK(fields(reply, "RateLimit-Policy") == std::vector<std::string>{R"("default";q=60000;w=60)"});
    CHECK(fields(reply, "RateLimit") == std::vector<std::string>{R"("default";r=2999;t=1)"});
}

TEST_CASE("a streamed answer keeps its stream, and says how often its reader may ask") {
    struct Silence : domain::ports::ReplyStream {
        domain::ports::Task<std::optional<std::string>> next() override { co_return std::nullopt; }

        void stop() noexcept override {}
    };

    api::Exchange asked = exchange();
    asked.rate = api::RateVerdict{true, 60'000, 2999, std::chrono::seconds(1)};
    const auto stream = std::make_shared<Silence>();
    const HttpReply reply = api::finished(HttpReply{.stream = stream}, asked);
    CHECK(reply.stream == stream);
    CHECK(fields(reply, "RateLimit") == std::vector<std::string>{R"("default";r=2999;t=1)"});
    CHECK(fields(reply, "ETag").empty());
}
