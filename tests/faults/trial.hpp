// One fault on one adapter: what was tried, how often the fault really struck, and what did not hold.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tributary::faults {

class Trial {
  public:
    /// `full`: as often and as slowly as the criterion says; else a sample that takes moments.
    Trial(std::string provider, bool full) : provider_(std::move(provider)), full_(full) {}

    [[nodiscard]] const std::string& provider() const { return provider_; }

    [[nodiscard]] bool full() const { return full_; }

    template <class T>
    [[nodiscard]] T pick(T sample, T all) const {
        return full_ ? all : sample;
    }

    /// The fault was done to a request, an answer or a clock.
    void struck() { ++struck_; }

    [[nodiscard]] std::size_t times_struck() const { return struck_; }

    /// What must be so; the first few that are not are kept as text.
    bool expect(bool holds, const std::string& what) {
        ++checks_;
        if (!holds) {
            ++violations_;
            if (texts_.size() < 5) {
                texts_.push_back(what);
            }
        }
        return holds;
    }

    [[nodiscard]] std::size_t checks() const { return checks_; }

    [[nodiscard]] std::size_t violations() const { return violations_; }

    [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

  private:
    std::string provider_;
    bool full_;
    std::size_t struck_ = 0;
    std::size_t checks_ = 0;
    std::size_t violations_ = 0;
    std::vector<std::string> texts_;
};

}  // namespace tributary::faults
