#include "adapters/crypto/random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstddef>

#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
    constexpr std::size_t chunk = 1 << 20;  // RAND_bytes counts in int
    while (!out.empty()) {
        const std::size_t now = std::min(out.size(), chunk);
        require(RAND_bytes(out.data(), static_cast<int>(now)) == 1, "get random bytes");
        out = out.subspan(now);
    }
}

}  // namespace tributary::crypto
