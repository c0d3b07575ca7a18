#include "services/app/exit_code.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using app::exit_code_of;
using app::ExitCode;
using domain::ports::RunView;

namespace {

RunView run(std::string state, std::string code = {}, std::string report = "{}") {
    RunView view;
    view.state = std::move(state);
    view.error_code = std::move(code);
    view.report = std::move(report);
    return view;
}

}  // namespace

TEST_CASE("a failed run ends the program as its error would") {
    CHECK(exit_code_of(run("succeeded")) == ExitCode::done);
    for (const char* passing : {"unavailable", "timed_out", "throttled", "in_doubt"}) {
        CHECK(exit_code_of(run("failed", passing)) == ExitCode::try_again_later);
    }
    CHECK(exit_code_of(run("failed", "configuration")) == ExitCode::configuration);
    for (const char* code :
         {"unauthenticated", "contract", "internal", "invalid_input", "cancelled", "", "new"}) {
        CAPTURE(code);
        CHECK(exit_code_of(run("failed", code)) == ExitCode::failed);
    }
}

TEST_CASE("a held or partial run is a failure, however passing the trouble of one of its streams is") {
    CHECK(exit_code_of(run("held")) == ExitCode::failed);
    CHECK(exit_code_of(run("partial", "unavailable")) == ExitCode::failed);
    CHECK(
        exit_code_of(run("partial", "unavailable",
                         R"({"streams":[{"stream":"a","error":{"code":"unavailable"}},{"stream":"b"}]})")) ==
        ExitCode::failed);
    CHECK(exit_code_of(
              run("partial", "unavailable",
                  R"({"streams":[{"error":{"code":"unavailable"}},{"error":{"code":"contract"}}]})")) ==
          ExitCode::failed);
    CHECK(exit_code_of(run("partial", "unavailable", R"({"streams":[]})")) == ExitCode::failed);
}

TEST_CASE("a run whose streams all met passing trouble says that the provider is away") {
    CHECK(exit_code_of(
              run("partial", "unavailable",
                  R"({"streams":[{"error":{"code":"unavailable"}},{"error":{"code":"timed_out"}}]})")) ==
          ExitCode::try_again_later);
}

TEST_CASE("of several runs the one speaks that waiting mends least") {
    using enum ExitCode;
    CHECK(graver(done, done) == done);
    CHECK(graver(done, try_again_later) == try_again_later);
    CHECK(graver(failed, try_again_later) == failed);
    CHECK(graver(try_again_later, configuration) == configuration);
    CHECK(graver(configuration, failed) == configuration);
}
