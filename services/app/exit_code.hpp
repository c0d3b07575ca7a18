// How the program tells a script what happened.
#pragma once

#include "domain/error.hpp"

namespace tributary::app {

/// Documented in the README; scripts rely on them.
enum class ExitCode {
    done = 0,
    failed = 1,
    usage = 2,
    try_again_later = 75,
    configuration = 78,
};

ExitCode exit_code_of(domain::Errc code);

}  // namespace tributary::app
