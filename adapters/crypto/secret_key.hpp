// A key of 32 bytes that is wiped from memory with its owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tributary::crypto {

class SecretKey {
  public:
    static constexpr std::size_t size = 32;

    explicit SecretKey(std::span<const std::uint8_t, size> bytes);
    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();

    /// HKDF-SHA256 (RFC 5869) without salt: another key for every purpose, none of which tells about another.
    [[nodiscard]] SecretKey derive(std::string_view purpose) const;

    /// Valid as long as the key is.
    [[nodiscard]] std::string_view bytes() const;

  private:
    SecretKey() = default;
    void wipe();
    std::array<std::uint8_t, size> bytes_{};
};

}  // namespace tributary::crypto
