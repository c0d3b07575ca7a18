#include "adapters/upvest/refusal.hpp"

#include <doctest/doctest.h>

#include "tests/unit/upvest/fakes.hpp"

using namespace tributary;
using namespace tributary::upvest;
using domain::Errc;
using tests::answer;

namespace {

domain::Error refusal(const domain::ports::HttpAnswer& given, Subject subject) {
    return upvest::refusal(given, subject, tests::FakeClock().now());
}

std::string problem(std::string_view type) {
    return R"({"type":")" + std::string(type) +
           R"(","status":400,"title":"secret title","detail":"Zoe Mueller"})";
}

}  // namespace

TEST_CASE("each status becomes the error a caller can act on") {
    struct Row {
        int status;
        Subject subject;
        Errc code;
    };

    constexpr Row rows[] = {
        {400, Subject::list, Errc::contract},          {400, Subject::token, Errc::unauthenticated},
        {401, Subject::list, Errc::unauthenticated},   {403, Subject::list, Errc::permission_denied},
        {404, Subject::list, Errc::not_found},         {404, Subject::single_object, Errc::gone},
        {410, Subject::single_object, Errc::gone},     {403, Subject::token, Errc::unauthenticated},
        {404, Subject::token, Errc::not_found},        {410, Subject::list, Errc::not_found},
        {408, Subject::list, Errc::unavailable},       {406, Subject::list, Errc::contract},
        {409, Subject::list, Errc::conflict},          {422, Subject::list, Errc::contract},
        {426, Subject::list, Errc::configuration},     {429, Subject::list, Errc::throttled},
        {500, Subject::list, Errc::unavailable},       {502, Subject::single_object, Errc::unavailable},
        {503, Subject::token, Errc::unavailable},      {204, Subject::list, Errc::contract},
        {302, Subject::list, Errc::contract},          {400, Subject::action, Errc::invalid_input},
        {401, Subject::action, Errc::unauthenticated}, {403, Subject::action, Errc::permission_denied},
        {404, Subject::action, Errc::not_found},       {422, Subject::action, Errc::invalid_input},
        {409, Subject::action, Errc::conflict},        {500, Subject::action, Errc::unavailable},
    };
    for (const Row& row : rows) {
        CAPTURE(row.status);
        CHECK(refusal(answer(row.status, ""), row.subject).code == row.code);
    }
}

TEST_CASE("the slug is the last segment of the type, as URL or bare, and refines the status") {
    for (const auto* type : {"https://docs.upvest.co/errors/missing_client_id", "missing_client_id"}) {
        const auto error = refusal(answer(400, problem(type)), Subject::list);
        CHECK(error.code == Errc::configuration);
        CHECK(error.detail.find("(missing_client_id)") != std::string::npos);
    }
}

TEST_CASE("the detail names status and request id and repeats nothing of the answer's free text") {
    auto given = answer(404, problem("https://docs.upvest.co/errors/not_found"));
    given.fields.add("Upvest-Request-Id", "0F0B0C4D-1A2B-4C3D-8E4F-5A6B7C8D9E0F");
    const auto error = refusal(given, Subject::single_object);
    CHECK(error.detail ==
          "The provider answered 404; treat the object as removed "
          "(not_found, request 0f0b0c4d-1a2b-4c3d-8e4f-5a6b7c8d9e0f)");
}

TEST_CASE("a type that is no slug and a request id that is no id are left out") {
    auto given = answer(500, problem("https://example.com/Zoe Mueller"));
    given.fields.add("upvest-request-id", "Zoe Mueller");
    CHECK(refusal(given, Subject::list).detail.find("Zoe") == std::string::npos);
}

TEST_CASE("Retry-After is passed on, of a list and of a token call") {
    auto given = answer(429, "");
    CHECK_FALSE(refusal(given, Subject::list).retry_after.has_value());
    given.fields.add("Retry-After", "7");
    CHECK(refusal(given, Subject::list).retry_after == std::chrono::seconds(7));
    CHECK(refusal(given, Subject::token).retry_after == std::chrono::seconds(7));
}
