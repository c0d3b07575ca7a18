// Everything the three providers know, who may log in, and the ground truth about who is who.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sandbox/world/collection.hpp"
#include "tests/sandbox/world/kind.hpp"
#include "tests/sandbox/world/login.hpp"

namespace tributary::sandbox {

/// Two profiles that look alike and belong to different people.
struct LookAlike {
    Kind left_kind;
    std::string left_id;
    Kind right_kind;
    std::string right_id;
    /// A word for what makes them look alike, e.g. "household".
    std::string reason;
    /// True where an operator should be asked; false where they simply stay apart.
    bool suggested = false;
};

struct World {
    std::uint64_t seed = 0;
    std::array<Collection, kind_count> collections;
    std::vector<TastytradeLogin> tastytrade_logins;
    std::vector<TdxLogin> tdx_logins;
    std::vector<UpvestClient> upvest_clients;
    std::vector<LookAlike> look_alikes;

    Collection& of(Kind kind) { return collections[static_cast<std::size_t>(kind)]; }

    [[nodiscard]] const Collection& of(Kind kind) const {
        return collections[static_cast<std::size_t>(kind)];
    }
};

}  // namespace tributary::sandbox
