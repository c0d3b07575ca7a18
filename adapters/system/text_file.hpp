// Small files that operators write: configuration and secrets.
#pragma once

#include <iosfwd>
#include <string>

#include "domain/error.hpp"

namespace tributary::system {

/// The whole file, at most 1 MiB. Errc::configuration where it is missing, cannot be read, or is larger.
domain::Result<std::string> read_text_file(const std::string& path);

/// The rest of a stream, at most 1 MiB, with the same errors. `name` begins the errors' sentences.
domain::Result<std::string> read_text(std::istream& in, const std::string& name);

}  // namespace tributary::system
