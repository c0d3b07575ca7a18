// Seals credentials for storage. `context` binds a sealed text to its place (tenant and connection), so that
// a row copied elsewhere does not open.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::domain::ports {

class Sealer {
  public:
    virtual ~Sealer() = default;
    /// Printable text that open() takes back. Every call gives another text.
    [[nodiscard]] virtual std::string seal(std::string_view plain, std::string_view context) = 0;
    /// Errc::configuration where the text was sealed under another key, for another context, or was altered.
    [[nodiscard]] virtual Result<std::string> open(std::string_view sealed,
                                                   std::string_view context) const = 0;
    /// A keyed hash (32 raw bytes) for looking things up without storing them: identifiers, API keys.
    [[nodiscard]] virtual std::string fingerprint(std::string_view purpose, std::string_view text) const = 0;
};

}  // namespace tributary::domain::ports
