// A migrated database that no service uses, for trying the command line on.
#pragma once

#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/database.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tributary::e2e {

/// What a bench's key file holds.
inline constexpr auto good_key = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=\n";

/// A migrated database that no service uses, and the program's settings for it.
struct Bench {
    tests::TemporaryFolder folder;
    tests::Database database;
    ProgramSettings settings;

    Bench();

    [[nodiscard]] tests::Finished run(std::vector<std::string> words) const;
    /// What a command that must succeed prints as JSON.
    json::Value data(std::vector<std::string> words) const;
};

/// The program's bench.
Bench& bench();

/// One sentence on the error output, nothing on the other one.
void check_refused(const tests::Finished& finished, int code, const std::vector<std::string>& says);

/// A connection of the sandbox as a file for `connection add`.
std::string connection_file(const tests::TemporaryFolder& folder, const std::string& name,
                            json::Object changed = {});

}  // namespace tributary::e2e
