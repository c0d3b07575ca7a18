#include "services/sync/unusable_key.hpp"

#include <algorithm>
#include <utility>

namespace tributary::sync {

namespace {

/// In bytes.
constexpr std::size_t longest_key = 512;

bool unusable(const std::string& key) {
    return key.empty() || key.size() > longest_key ||
           std::ranges::any_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

void quarantine_unusable(domain::Page& page) {
    std::erase_if(page.observations, [&page](domain::Observation& observation) {
        const bool spoiled = unusable(observation.provider_id);
        if (spoiled) {
            page.quarantined.push_back(
                {std::move(observation.raw), "The key is empty, too long or holds control characters."});
        }
        return spoiled;
    });
}

}  // namespace tributary::sync
