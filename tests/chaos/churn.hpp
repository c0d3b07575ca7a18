// Changes to the sandbox's population, drawn from a seed: what a provider's users do while we sync.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/system/running_system.hpp"

namespace tributary::chaos {

class Churn {
  public:
    /// The system outlives it.
    Churn(e2e::RunningSystem& system, std::uint64_t seed);

    /// Changes, removes or brings back some objects at the providers.
    void round();

    /// Our ids of everything that was ever removed: only these may ever be said to be gone.
    [[nodiscard]] const std::set<std::string>& ever_removed() const { return ever_removed_; }

  private:
    struct Object {
        std::string provider;
        std::string kind;
        std::string id;
        /// Ours.
        std::string document;
        bool present = true;
    };

    void choose_objects();
    [[nodiscard]] json::Object remove_or_bring_back(Object& object);
    [[nodiscard]] json::Object rename(const Object& object);

    e2e::RunningSystem& system_;
    std::mt19937_64 random_;
    std::vector<Object> objects_;
    std::set<std::string> ever_removed_;
    int renamed_ = 0;
};

}  // namespace tributary::chaos
