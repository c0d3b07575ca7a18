// Remembers which one-time codes were sent, across every session of the process: T-DX takes a code once, and
// two sessions that log in within the same half minute would compute the same one.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "adapters/crypto/digest.hpp"

namespace tributary::tdx {

class TotpLedger {
  public:
    /// True once for a secret and a step (Unix time in units of 30 s); false for that step and the four
    /// before it ever after. A step further back says that the clock was set back: what was claimed before is
    /// forgotten. Thread-safe.
    bool claim(const std::string& secret, std::uint64_t step);

  private:
    std::mutex mutex_;
    /// By the hash of the secret, so that the ledger holds none.
    std::map<crypto::Sha256, std::uint64_t> last_;
};

}  // namespace tributary::tdx
