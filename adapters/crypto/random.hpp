// The operating system's randomness, through OpenSSL.
#pragma once

#include "domain/ports/clock.hpp"

namespace tributary::crypto {

/// Throws std::runtime_error where no entropy can be had.
class SystemRandom final : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace tributary::crypto
