// The table of settings: every key with its meaning, its default and how its text becomes a value.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace tributary::config {

struct Key {
    /// As in the file, e.g. "database.url"; the environment's name follows from it.
    std::string_view name;
    std::string_view default_text;
    std::string_view meaning;
    /// Never printed.
    bool secret = false;
    /// May be given by a flag; secrets may not.
    bool flag = true;
    /// Takes the text into the settings; says in one sentence what is wrong with it, or nothing.
    std::function<std::optional<std::string>(Settings&, std::string_view text)> apply;
    /// May be an array in the file; its text has commas.
    bool list = false;
};

std::span<const Key> keys();
/// TRIBUTARY_DATABASE_URL for "database.url".
std::string environment_name(std::string_view key);

}  // namespace tributary::config
