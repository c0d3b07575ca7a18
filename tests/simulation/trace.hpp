// What happened, in order: a hash over everything, and the last lines to read.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <string>

#include "tests/simulation/timeline.hpp"

namespace tributary::simulation {

class Trace {
  public:
    explicit Trace(const Timeline& timeline) : timeline_(timeline) {}

    template <class... Args>
    void note(fmt::format_string<Args...> format, Args&&... args) {
        const double seconds = std::chrono::duration<double>(timeline_.now()).count();
        add(fmt::format("{:9.3f} ", seconds) + fmt::format(format, std::forward<Args>(args)...));
    }

    /// Equal for two runs in which the same things happened at the same times.
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

    [[nodiscard]] const std::deque<std::string>& last_lines() const { return lines_; }

  private:
    void add(std::string line) {
        for (const char c : line) {
            hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        }
        lines_.push_back(std::move(line));
        if (lines_.size() > kept) {
            lines_.pop_front();
        }
    }

    static constexpr std::size_t kept = 60;
    const Timeline& timeline_;
    std::uint64_t hash_ = 0xCBF29CE484222325U;
    std::deque<std::string> lines_;
};

}  // namespace tributary::simulation
