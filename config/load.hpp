// Where settings come from: flags over environment (TRIBUTARY_*) over a TOML file over defaults. Pure: file
// text and environment are handed in; the caller reads them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "domain/error.hpp"

namespace tributary::config {

/// Name of a key to the text of its value, e.g. {"listen", "127.0.0.1:8081"}.
using Flags = std::map<std::string, std::string>;
using Environment = std::map<std::string, std::string>;
/// Reads a file named by a `*_FILE` variable; an Error says what is wrong with it.
using ReadFile = std::function<domain::Result<std::string>(const std::string& path)>;

struct Sources {
    Flags flags;
    Environment environment;
    /// Text of the configuration file, and its name for messages; empty where there is none.
    std::string file_text;
    std::string file_name;
    ReadFile read_file;
};

/// A setting with where its value came from, for `config print`.
struct Origin {
    std::string key;
    /// Redacted where the key is a secret.
    std::string value;
    /// "flag", "environment TRIBUTARY_LISTEN", "file tributary.toml", "default".
    std::string origin;
};

struct Loaded {
    Settings settings;
    std::vector<Origin> origins;
};

/// Everything that is wrong, not only the first: unknown keys with the nearest known one, values that cannot
/// be read.
std::expected<Loaded, std::vector<domain::Error>> load(const Sources& sources);

/// One line a key: name, environment name, default, meaning. For `--help` and the documentation.
struct KeyHelp {
    std::string key;
    std::string environment;
    std::string default_text;
    std::string meaning;
};

std::vector<KeyHelp> key_help();

}  // namespace tributary::config
