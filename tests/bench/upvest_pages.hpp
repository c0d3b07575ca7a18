// An Upvest connection's objects as its list answers carry them, from memory or from files, and the provider
// that hands them to the real decoder: all of a sync but the network.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/provider.hpp"

namespace tributary::bench {

/// The body of a list answer: stream, item offset, most items.
using ListAnswer =
    std::function<std::string(const std::string& stream, std::uint64_t offset, std::uint32_t limit)>;

/// The objects of one connection, stream by stream, each as the provider's own JSON.
class UpvestObjects {
  public:
    static constexpr std::array<const char*, 3> streams{"users", "account_groups", "accounts"};

    /// About `count` objects, made as the sandbox makes its population: eight groups a user, and an account
    /// or two in most groups. Another seed gives other people.
    UpvestObjects(std::uint64_t seed, std::size_t count);

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::string answer(const std::string& stream, std::uint64_t offset,
                                     std::uint32_t limit) const;
    /// Changes the status and the update time of every twentieth object, of others each round up to twenty.
    void change_five_percent(int round);
    /// Writes every page of a walk to a file of its own in `folder`, for answers_from().
    void write_to(const std::string& folder) const;

  private:
    std::array<std::vector<std::string>, 3> items_;
};

/// Answers from what write_to() wrote, one page in memory at a time.
ListAnswer answers_from(const std::string& folder);

/// The provider `upvest`, whose lists are these. Reads of single objects are refused.
std::unique_ptr<domain::ports::Provider> provider_of(ListAnswer answer);

}  // namespace tributary::bench
