#include "services/app/exit_code.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/parse.hpp"

namespace tributary::app {

namespace {

/// A name that nobody gave is a bug's.
domain::Errc code_named(std::string_view name) {
    int code = 0;
    while (code < std::to_underlying(domain::Errc::internal) &&
           name_of(static_cast<domain::Errc>(code)) != name) {
        ++code;
    }
    return static_cast<domain::Errc>(code);
}

/// A fault in a connection is no fault of the command line that runs it.
ExitCode of_failure(std::string_view code) {
    const ExitCode exit = exit_code_of(code_named(code));
    return exit == ExitCode::usage ? ExitCode::failed : exit;
}

/// The code of the error that ended a stream; empty where none did.
std::string_view error_of(const json::Value& stream) {
    const json::Value* error = stream.find("error");
    const json::Value* code = error == nullptr ? nullptr : error->find("code");
    return code == nullptr || code->if_string() == nullptr ? std::string_view() : *code->if_string();
}

bool nothing_came_for_now(const std::string& report) {
    const auto parsed = json::parse(report, report.size());
    const json::Value* streams = parsed ? parsed->root.find("streams") : nullptr;
    return streams != nullptr && streams->if_array() != nullptr && !streams->if_array()->empty() &&
           std::ranges::all_of(*streams->if_array(), [](const json::Value& stream) {
               return of_failure(error_of(stream)) == ExitCode::try_again_later;
           });
}

}  // namespace

ExitCode exit_code_of(domain::Errc code) {
    using domain::Errc;
    switch (code) {
        case Errc::configuration:
            return ExitCode::configuration;
        case Errc::unavailable:
        case Errc::timed_out:
        case Errc::throttled:
        case Errc::in_doubt:
            return ExitCode::try_again_later;
        case Errc::invalid_input:
            return ExitCode::usage;
        default:
            return ExitCode::failed;
    }
}

ExitCode exit_code_of(const domain::ports::RunView& run) {
    if (run.state == "succeeded") {
        return ExitCode::done;
    }
    if (run.state == "failed") {
        return of_failure(run.error_code);
    }
    return run.state == "partial" && nothing_came_for_now(run.report) ? ExitCode::try_again_later
                                                                      : ExitCode::failed;
}

ExitCode graver(ExitCode left, ExitCode right) {
    for (const ExitCode code :
         {ExitCode::configuration, ExitCode::usage, ExitCode::failed, ExitCode::try_again_later}) {
        if (left == code || right == code) {
            return code;
        }
    }
    return ExitCode::done;
}

}  // namespace tributary::app
