#include "services/app/exit_code.hpp"

namespace tributary::app {

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

}  // namespace tributary::app
