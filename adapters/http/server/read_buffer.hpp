// Bytes received and not yet used, of one connection. Starts small, because most connections are idle, and
// never grows beyond its limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tributary::http {

class ReadBuffer {
  public:
    explicit ReadBuffer(std::size_t limit) : limit_(limit) {}

    [[nodiscard]] std::string_view view() const { return {storage_.data() + begin_, end_ - begin_}; }

    [[nodiscard]] bool empty() const { return begin_ == end_; }

    /// Room for the next read, never empty while view() is shorter than the limit.
    std::span<char> prepare() {
        std::memmove(storage_.data(), storage_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
        if (end_ == storage_.size()) storage_.resize(std::min(limit_, storage_.size() * 4));
        return std::span(storage_).subspan(end_);
    }

    /// The first `count` bytes of what prepare() gave were filled.
    void commit(std::size_t count) { end_ += count; }

    /// Forgets the first `count` bytes of view().
    void consume(std::size_t count) { begin_ += count; }

  private:
    std::size_t limit_;
    std::vector<char> storage_ = std::vector<char>(std::min<std::size_t>(limit_, 2048));
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace tributary::http
