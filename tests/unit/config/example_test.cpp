#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "config/keys.hpp"
#include "config/load.hpp"

using namespace tributary::config;

namespace {

std::string example_text() {
    std::ifstream file(TRIBUTARY_EXAMPLE_CONFIG);
    return {std::istreambuf_iterator<char>(file), {}};
}

Loaded load_text(std::string text) {
    Sources sources;
    sources.file_text = std::move(text);
    sources.file_name = "tributary.example.toml";
    auto loaded = load(sources);
    REQUIRE(loaded);
    return std::move(*loaded);
}

}  // namespace

TEST_CASE("the example file says exactly what the defaults are") {
    const std::string text = example_text();
    REQUIRE_FALSE(text.empty());
    const Loaded example = load_text(text);
    const Loaded defaults = load_text("");
    CHECK(example.settings == defaults.settings);
    REQUIRE(example.origins.size() == defaults.origins.size());
    for (std::size_t i = 0; i < example.origins.size(); ++i) {
        CAPTURE(example.origins[i].key);
        CHECK(example.origins[i].value == defaults.origins[i].value);
    }
}

TEST_CASE("the example file names every key there is") {
    const Loaded example = load_text(example_text());
    REQUIRE(example.origins.size() == keys().size());
    for (const Origin& origin : example.origins) {
        CAPTURE(origin.key);
        CHECK(origin.origin == "file tributary.example.toml");
    }
}

TEST_CASE("the example file explains a key in the words of the table, right above it") {
    std::istringstream lines(example_text());
    std::vector<std::string> paragraph;
    std::size_t explained = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) {
            paragraph.clear();
        }
        paragraph.push_back(line);
        const std::string name = line.substr(0, line.find(" = "));
        for (const Key& key : keys()) {
            const bool last_part = key.name == name || key.name.ends_with("." + name);
            const std::string meaning = "# " + std::string(key.meaning);
            if (last_part && std::ranges::find(paragraph, meaning) != paragraph.end()) {
                ++explained;
            }
        }
    }
    CHECK(explained == keys().size());
}

TEST_CASE("the settings a program starts with are the defaults of the table") {
    Settings bare;
    bare.allowed_base_urls = {
        {"tastytrade", {"https://api.tastyworks.com", "https://api.cert.tastyworks.com"}},
        {"tdx", {"https://api.t-dx.com"}},
        {"upvest", {"https://api.upvest.co", "https://sandbox.upvest.co"}},
    };
    CHECK(load_text("").settings == bare);
}
