#include "adapters/tdx/totp_ledger.hpp"

namespace tributary::tdx {

namespace {

/// Steps that T-DX might still take.
constexpr std::uint64_t remembered = 4;

}  // namespace

bool TotpLedger::claim(const std::string& secret, std::uint64_t step) {
    const crypto::Sha256 key = crypto::sha256(secret);
    const std::scoped_lock lock(mutex_);
    const auto [entry, first] = last_.try_emplace(key, step);
    if (!first && entry->second >= step && entry->second - step <= remembered) {
        return false;
    }
    entry->second = step;
    return true;
}

}  // namespace tributary::tdx
