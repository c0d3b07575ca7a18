// The program `tributary` with the settings of a test.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/child_process.hpp"

namespace tributary::e2e {

/// What the program is told through its environment; a field left empty is not told.
struct ProgramSettings {
    std::string database_url = {};
    std::string key_file = {};
    std::uint16_t port = 0;
    std::uint16_t admin_port = 0;
    /// As `sync.lease` takes it.
    std::string lease = {};
    /// As `api.requests_per_minute` takes it.
    std::string requests_per_minute = {};
    /// Allowed base URLs.
    std::string tastytrade = {};
    std::string tdx = {};
    std::string upvest = {};
    /// Whose tokens it takes, for whom, and where the keys are.
    std::string issuer = {};
    std::string audience = {};
    std::string jwks_file = {};
    std::string jwks_url = {};
};

/// The command line `tributary <words>`.
tests::Command tributary_command(const ProgramSettings& settings, std::vector<std::string> words);

/// Runs `tributary <words>` to its end.
tests::Finished run_tributary(const ProgramSettings& settings, std::vector<std::string> words);

}  // namespace tributary::e2e
