// Random bytes for the ids of one thread's requests: asked for in blocks, because each asking costs more than
// an answer from memory may.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "domain/ports/clock.hpp"

namespace tributary::http {

/// Not for secrets: what is handed out next lies in memory for a while. Lives on one thread.
class RandomBlock final : public domain::ports::Random {
  public:
    /// `source` outlives it.
    explicit RandomBlock(domain::ports::Random& source) : source_(source) {}

    void fill(std::span<std::uint8_t> out) override {
        if (out.size() > bytes_.size()) {
            source_.fill(out);
            return;
        }
        if (out.size() > bytes_.size() - used_) {
            source_.fill(bytes_);
            used_ = 0;
        }
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
        used_ += out.size();
    }

  private:
    domain::ports::Random& source_;
    std::array<std::uint8_t, 4096> bytes_{};
    std::size_t used_ = bytes_.size();
};

}  // namespace tributary::http
