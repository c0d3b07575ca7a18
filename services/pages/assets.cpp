#include "services/pages/assets.hpp"

#include <algorithm>
#include <array>

// The assembler copies a file into the read-only data; a literal of that size would take the compiler
// minutes. The object file depends on these files (see CMakeLists.txt), and ccache leaves it alone because it
// cannot see them.
#define TRIBUTARY_EMBED(name, path)                                             \
    __asm__(                                                                    \
        ".pushsection .rodata\n"                                                \
        "tributary_" #name "_begin:\n.incbin \"" path                           \
        "\"\n"                                                                  \
        "tributary_" #name                                                      \
        "_end:\n.byte 0\n"                                                      \
        ".popsection\n");                                                       \
    extern "C" {                                                                \
    [[gnu::visibility("hidden")]] extern const char tributary_##name##_begin[]; \
    [[gnu::visibility("hidden")]] extern const char tributary_##name##_end[];   \
    }

TRIBUTARY_EMBED(openapi, TRIBUTARY_OPENAPI_FILE)
TRIBUTARY_EMBED(index, TRIBUTARY_DOCS_FOLDER "/index.html")
TRIBUTARY_EMBED(init, TRIBUTARY_DOCS_FOLDER "/init.js")
TRIBUTARY_EMBED(style, TRIBUTARY_DOCS_FOLDER "/docs.css")
TRIBUTARY_EMBED(bundle, TRIBUTARY_SWAGGER_UI_FOLDER "/swagger-ui-bundle.js")
TRIBUTARY_EMBED(bundle_style, TRIBUTARY_SWAGGER_UI_FOLDER "/swagger-ui.css")
TRIBUTARY_EMBED(icon, TRIBUTARY_SWAGGER_UI_FOLDER "/favicon-32x32.png")

#undef TRIBUTARY_EMBED

namespace tributary::pages {

namespace {

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const Asset> assets() {
    static const std::array all{
        Asset{"openapi.json", "application/json", between(tributary_openapi_begin, tributary_openapi_end)},
        Asset{"index.html", "text/html; charset=utf-8", between(tributary_index_begin, tributary_index_end)},
        Asset{"init.js", "text/javascript; charset=utf-8", between(tributary_init_begin, tributary_init_end)},
        Asset{"docs.css", "text/css; charset=utf-8", between(tributary_style_begin, tributary_style_end)},
        Asset{"swagger-ui-bundle.js", "text/javascript; charset=utf-8",
              between(tributary_bundle_begin, tributary_bundle_end)},
        Asset{"swagger-ui.css", "text/css; charset=utf-8",
              between(tributary_bundle_style_begin, tributary_bundle_style_end)},
        Asset{"favicon-32x32.png", "image/png", between(tributary_icon_begin, tributary_icon_end)},
    };
    return all;
}

const Asset* find_asset(std::string_view name) {
    const auto found = std::ranges::find(assets(), name, &Asset::name);
    return found == assets().end() ? nullptr : &*found;
}

}  // namespace tributary::pages
