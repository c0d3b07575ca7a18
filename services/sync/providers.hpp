// The providers this program knows, by name. Filled once by the composition root.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ports/provider.hpp"
#include "domain/precedence.hpp"

namespace tributary::sync {

class Providers {
  public:
    void add(std::unique_ptr<domain::ports::Provider> provider) { providers_.push_back(std::move(provider)); }

    /// nullptr where no provider has this name.
    [[nodiscard]] const domain::ports::Provider* find(std::string_view name) const {
        for (const auto& provider : providers_) {
            if (provider->name() == name) {
                return provider.get();
            }
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<std::string_view> names() const {
        std::vector<std::string_view> names;
        for (const auto& provider : providers_) {
            names.push_back(provider->name());
        }
        return names;
    }

    /// Whose word counts first where several of them describe one person.
    [[nodiscard]] const domain::Precedence& precedence() const { return precedence_; }

    void set_precedence(domain::Precedence precedence) { precedence_ = std::move(precedence); }

  private:
    domain::Precedence precedence_;
    std::vector<std::unique_ptr<domain::ports::Provider>> providers_;
};

}  // namespace tributary::sync
