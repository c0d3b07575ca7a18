// Values that may be used once: remembered until they could no longer be accepted anyway.
#pragma once

#include <map>
#include <string>

#include "domain/time.hpp"

namespace tributary::sandbox {

class NonceMemory {
  public:
    /// False where the nonce was taken before and is still remembered. Forgets what is older than `now`.
    bool take(const std::string& nonce, domain::Timestamp now, domain::Timestamp until) {
        std::erase_if(until_, [now](const auto& entry) { return entry.second < now; });
        return until_.emplace(nonce, until).second;
    }

  private:
    std::map<std::string, domain::Timestamp> until_;
};

}  // namespace tributary::sandbox
