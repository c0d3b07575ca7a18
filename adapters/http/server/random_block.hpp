// Random bytes for ids, fetched many at a time: a call for each request would cost more than to read it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "domain/ports/clock.hpp"

namespace tributary::http {

/// One for each thread. No byte is handed out twice.
class RandomBlock {
  public:
    explicit RandomBlock(domain::ports::Random& source) : source_(source) {}

    /// At most as many bytes as the block holds. Throws what the source throws.
    void fill(std::span<std::uint8_t> out);

  private:
    domain::ports::Random& source_;
    std::array<std::uint8_t, 4096> block_{};
    std::size_t used_ = block_.size();
};

}  // namespace tributary::http
