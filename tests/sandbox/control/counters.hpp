// How often every route was asked for, and how it was answered.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::sandbox {

class Counters {
  public:
    void count(std::string_view provider, std::string method, std::string path, int status) {
        ++counts_[{std::string(provider), std::move(method), std::move(path)}][status];
    }

    void clear() { counts_.clear(); }

    /// [{"provider", "method", "path" (a template), "count", "by_status": {"200": 3}}]
    [[nodiscard]] json::Array report() const;

  private:
    struct Route {
        std::string provider;
        std::string method;
        std::string path;
        friend auto operator<=>(const Route&, const Route&) = default;
    };

    std::map<Route, std::map<int, std::uint64_t>> counts_;
};

}  // namespace tributary::sandbox
