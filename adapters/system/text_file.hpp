// Small files that operators write: configuration and secrets.
#pragma once

#include <string>

#include "domain/error.hpp"

namespace tributary::system {

/// The whole file, at most 1 MiB. Errc::configuration where it is missing, cannot be read, or is larger.
domain::Result<std::string> read_text_file(const std::string& path);

}  // namespace tributary::system
