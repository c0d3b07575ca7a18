#include "adapters/http/server/random_block.hpp"

#include <algorithm>

namespace tributary::http {

void RandomBlock::fill(std::span<std::uint8_t> out) {
    if (block_.size() - used_ < out.size()) {
        source_.fill(block_);
        used_ = 0;
    }
    std::ranges::copy(std::span(block_).subspan(used_, out.size()), out.begin());
    used_ += out.size();
}

}  // namespace tributary::http
