// The files that the service carries inside itself: the OpenAPI document and what its page is made of.
#pragma once

#include <span>
#include <string_view>

namespace tributary::pages {

struct Asset {
    /// As it stands under /docs/; "openapi.json" and "index.html" are served elsewhere.
    std::string_view name;
    std::string_view content_type;
    /// The whole file. Lives as long as the program.
    std::string_view bytes;
};

std::span<const Asset> assets();
/// The asset of this name, or nullptr.
const Asset* find_asset(std::string_view name);

}  // namespace tributary::pages
