// How the program tells a script what happened.
#pragma once

#include "domain/error.hpp"
#include "domain/ports/connection_store.hpp"

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
/// Of a run that ended. A failed run tells why by its code. Partial and held are failed, but for a partial
/// run none of whose streams came because of trouble that passes: then the provider is away.
ExitCode exit_code_of(const domain::ports::RunView& run);
/// The one that speaks for both. What waiting will not mend goes first: configuration, failed, try again
/// later, done.
ExitCode graver(ExitCode left, ExitCode right);

}  // namespace tributary::app
