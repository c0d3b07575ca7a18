// What the providers did because somebody ordered it: the peer's own count, against which a caller's belief
// is checked.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::sandbox {

class Effects {
  public:
    /// Remembers one effect on one object, whether or not its answer reaches anybody.
    void happened(std::string_view provider, std::string_view effect, std::string object) {
        by_name_[{std::string(provider), std::string(effect)}].push_back(std::move(object));
    }

    void clear() { by_name_.clear(); }

    /// [{"provider", "effect", "count", "objects": [id, ...]}], the objects in the order of the effects.
    [[nodiscard]] json::Array report() const;

  private:
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> by_name_;
};

}  // namespace tributary::sandbox
