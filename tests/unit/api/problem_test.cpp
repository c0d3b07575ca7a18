#include "services/api/problem.hpp"

#include <doctest/doctest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using domain::Errc;
using domain::Error;
using domain::ports::HttpReply;

namespace {

json::Object body_of(const HttpReply& reply) {
    const auto parsed = json::parse(reply.body);
    REQUIRE(parsed);
    REQUIRE(parsed->root.if_object() != nullptr);
    return *parsed->root.if_object();
}

struct Logged {
    HttpReply reply;
    std::string log;
};

Logged logged(const Error& error) {
    std::ostringstream lines;
    const auto log =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(lines));
    log->set_pattern("%l %v");
    HttpReply reply = api::problem_of({log, "req-7", "4bf9"}, error);
    return {std::move(reply), lines.str()};
}

HttpReply problem_of(const Error& error) {
    return logged(error).reply;
}

std::string code_of(const HttpReply& reply) {
    return *json::find(body_of(reply), "code")->if_string();
}

struct Row {
    Errc code;
    int status;
    std::string_view name;
};

}  // namespace

TEST_CASE("a problem says the same in its status line, its body and its type") {
    const HttpReply reply = api::problem(404, "not_found", "There is no such object.");
    CHECK(reply.status == 404);
    CHECK(reply.fields.find("Content-Type") == "application/problem+json");
    CHECK(reply.fields.find("Cache-Control") == "no-store");
    CHECK(reply.body ==
          R"({"type":"/problems/not_found","title":"Not found","status":404,"code":"not_found",)"
          R"("detail":"There is no such object."})");
}

TEST_CASE("every failure inside has its status and its stable code") {
    for (const Row& row : {Row{Errc::invalid_input, 400, "invalid_request"},
                           {Errc::not_found, 404, "not_found"},
                           {Errc::gone, 404, "not_found"},
                           {Errc::conflict, 409, "conflict"},
                           {Errc::unauthenticated, 401, "unauthenticated"},
                           {Errc::permission_denied, 403, "permission_denied"},
                           {Errc::unavailable, 503, "temporarily_unavailable"},
                           {Errc::timed_out, 503, "temporarily_unavailable"},
                           {Errc::in_doubt, 503, "temporarily_unavailable"},
                           {Errc::cancelled, 503, "temporarily_unavailable"},
                           {Errc::configuration, 500, "internal_error"},
                           {Errc::contract, 500, "internal_error"},
                           {Errc::stale_owner, 500, "internal_error"},
                           {Errc::internal, 500, "internal_error"}}) {
        CAPTURE(name_of(row.code));
        const HttpReply reply = problem_of({row.code, "detail"});
        CHECK(reply.status == row.status);
        CHECK(code_of(reply) == row.name);
    }
}

TEST_CASE("of our own faults and of who has which key a caller learns nothing") {
    for (const Errc code :
         {Errc::unavailable, Errc::timed_out, Errc::in_doubt, Errc::cancelled, Errc::configuration,
          Errc::contract, Errc::stale_owner, Errc::internal, Errc::unauthenticated}) {
        CAPTURE(name_of(code));
        CHECK(problem_of({code, "server db.internal said hunter2"}).body.find("hunter2") ==
              std::string::npos);
    }
}

TEST_CASE(
    "every failure of ours is one line of the log with the request, its trace, the code and what it was") {
    for (const Errc code :
         {Errc::unavailable, Errc::timed_out, Errc::in_doubt, Errc::cancelled, Errc::throttled,
          Errc::configuration, Errc::contract, Errc::stale_owner, Errc::internal}) {
        CAPTURE(name_of(code));
        CHECK(logged({code, "a table is missing"}).log ==
              "error a request failed req=req-7 trace=4bf9 code=" + std::string(name_of(code)) +
                  " detail=\"a table is missing\"\n");
    }
}

TEST_CASE("what a caller did wrong is not logged") {
    for (const Errc code : {Errc::invalid_input, Errc::not_found, Errc::gone, Errc::conflict,
                            Errc::unauthenticated, Errc::permission_denied}) {
        CAPTURE(name_of(code));
        CHECK(logged({code, "detail"}).log.empty());
    }
}

TEST_CASE("a caller without a key is told how to send one, a caller too early when to come back") {
    CHECK(problem_of({Errc::unauthenticated, ""}).fields.find("WWW-Authenticate") == "Bearer");
    CHECK(problem_of({Errc::unavailable, ""}).fields.find("Retry-After") == "2");
    CHECK_FALSE(problem_of({Errc::not_found, ""}).fields.find("Retry-After"));
}

TEST_CASE("a bad request names every fault by pointer, code and sentence") {
    const HttpReply reply = api::invalid_request({{Errc::invalid_input, "This member is required.", "/name"},
                                                  {Errc::invalid_input, "No such provider.", "/provider"}});
    CHECK(reply.status == 400);
    CHECK(json::write(*json::find(body_of(reply), "errors")) ==
          R"([{"pointer":"/name","code":"invalid_input","detail":"This member is required."},)"
          R"({"pointer":"/provider","code":"invalid_input","detail":"No such provider."}])");
    CHECK(*json::find(body_of(reply), "detail") == json::Value("The request has several faults."));
}

TEST_CASE("a single fault is the detail of the whole") {
    const HttpReply reply = problem_of({Errc::invalid_input, "page_size is wrong.", "/page_size"});
    CHECK(*json::find(body_of(reply), "detail") == json::Value("page_size is wrong."));
    CHECK(json::find(body_of(reply), "errors")->if_array()->size() == 1);
}

TEST_CASE("whoever shows a key or token that is not good is told so, and whoever shows none is only asked") {
    const HttpReply shown = api::unauthenticated("The token has expired; get a new one.", true);
    CHECK(shown.status == 401);
    CHECK(code_of(shown) == "unauthenticated");
    CHECK(*json::find(body_of(shown), "detail")->if_string() == "The token has expired; get a new one.");
    CHECK(shown.fields.find("WWW-Authenticate") == R"(Bearer error="invalid_token")");
    CHECK(api::unauthenticated("Send a key.", false).fields.find("WWW-Authenticate") == "Bearer");
}
