// What an answer about one object tells of its sources, as text: made once, for many objects have the same.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "domain/ports/read_store.hpp"

namespace tributary::api {

struct ToldText {
    /// The members `partial` and `freshness`, as they stand in a JSON object.
    std::string members;
    /// Tributary-Verified-At; none where a source was never proved complete.
    std::optional<std::string> verified_at;
    /// Whether the answer may have an entity tag: nothing that it tells is over before the object changes.
    bool is_tagged = false;
};

ToldText told_text_of(const domain::ports::ToldSources& told);

/// Thread-safe.
class ToldTexts {
  public:
    /// Beyond so many all are forgotten, and made again.
    static constexpr std::size_t most = 5'000;

    std::shared_ptr<const ToldText> of(const std::shared_ptr<const domain::ports::ToldSources>& told);

  private:
    struct Made {
        /// Kept, so that no other takes its place in memory.
        std::shared_ptr<const domain::ports::ToldSources> of;
        std::shared_ptr<const ToldText> text;
    };

    std::mutex mutex_;
    std::unordered_map<const domain::ports::ToldSources*, Made> made_;
};

}  // namespace tributary::api
