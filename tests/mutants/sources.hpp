// The statements of adapters/postgres as its sources have them.
#pragma once

#include <string>
#include <vector>

namespace tributary::mutants {

/// A string literal that names the tenant, and where it stands: "runs.cpp: select_run".
struct SourceText {
    std::string name;
    std::string text;
};

/// All of them, in every file of the folder; read anew each time, so that a statement which was added
/// yesterday is among them. Throws std::runtime_error where the folder cannot be read.
std::vector<SourceText> tenant_literals(const std::string& folder);

}  // namespace tributary::mutants
