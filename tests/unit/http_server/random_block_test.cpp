#include "adapters/http/server/random_block.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace tributary;

namespace {

/// Counts, so that a byte handed out twice or skipped shows.
class Counting final : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override {
        if (empty) throw std::runtime_error("no entropy");
        ++calls;
        for (std::uint8_t& byte : out) {
            byte = next++;
        }
    }

    int calls = 0;
    std::uint8_t next = 0;
    bool empty = false;
};

}  // namespace

TEST_CASE("a block of random bytes hands each out once, and asks its source seldom") {
    Counting source;
    http::RandomBlock block(source);
    std::uint8_t expected = 0;
    for (int i = 0; i < 1024; ++i) {
        std::array<std::uint8_t, 8> bytes{};
        block.fill(bytes);
        for (const std::uint8_t byte : bytes) {
            REQUIRE(byte == expected++);
        }
    }
    CHECK(source.calls == 2);
}

TEST_CASE("a block whose source failed hands out nothing old, and goes on once there is more") {
    Counting source;
    http::RandomBlock block(source);
    std::vector<std::uint8_t> all(4096);
    block.fill(all);
    source.empty = true;
    std::array<std::uint8_t, 8> bytes{};
    CHECK_THROWS(block.fill(bytes));
    CHECK_THROWS(block.fill(bytes));
    source.empty = false;
    source.next = 77;
    block.fill(bytes);
    CHECK(bytes.front() == 77);
}
