// The command line: parses it, loads the settings, calls the command.
#pragma once

#include "services/app/exit_code.hpp"

namespace tributary::app {

/// Never throws; whatever was not foreseen is a sentence on stderr and ExitCode::failed.
ExitCode run_program(int argc, char** argv) noexcept;

}  // namespace tributary::app
