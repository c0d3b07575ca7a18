#include "config/load.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <sstream>

#include "config/keys.hpp"
#include "domain/spelling.hpp"

namespace tributary::config {

using domain::Errc;
using domain::Error;

namespace {

/// The text of a single value; nothing for an array or a table.
std::optional<std::string> text_of(const toml::node& node) {
    if (node.is_array() || node.is_table()) {
        return std::nullopt;
    }
    if (auto text = node.value_exact<std::string>()) {
        return text;
    }
    std::ostringstream out;
    node.visit([&out](const auto& value) { out << value; });
    return out.str();
}

/// With commas; nothing where an element is no single value.
std::optional<std::string> joined_text_of(const toml::array& array) {
    std::string joined;
    for (const auto& element : array) {
        const auto text = text_of(element);
        if (!text) {
            return std::nullopt;
        }
        joined += (joined.empty() ? "" : ",") + *text;
    }
    return joined;
}

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    return text;
}

class Loader {
  public:
    explicit Loader(const Sources& sources) : sources_(sources) {}

    std::expected<Loaded, std::vector<Error>> load() {
        read_file_table();
        check_names(sources_.flags, "The flag");
        for (const Key& key : keys()) {
            take(key);
        }
        if (errors_.empty()) {
            check_issuer(loaded_.settings);
        }
        if (!errors_.empty()) {
            return std::unexpected(std::move(errors_));
        }
        return std::move(loaded_);
    }

  private:
    void complain(std::string detail) { errors_.push_back({Errc::configuration, std::move(detail)}); }

    void read_file_table() {
        if (sources_.file_text.empty()) {
            return;
        }
        try {
            flatten(toml::parse(sources_.file_text), "");
        } catch (const toml::parse_error& broken) {
            complain(sources_.file_name + ":" + std::to_string(broken.source().begin.line) + ":" +
                     std::to_string(broken.source().begin.column) +
                     " is not valid TOML: " + std::string(broken.description()) + ".");
            return;
        }
        check_names(file_, sources_.file_name + ": the key");
    }

    /// Takes the values of the file's table. A table is a group of keys and never a value.
    void flatten(const toml::table& table, const std::string& prefix) {
        for (const auto& [name, node] : table) {
            const std::string path = prefix + std::string(name.str());
            const auto key = std::ranges::find(keys(), path, &Key::name);
            const auto* nested = node.as_table();
            if (nested != nullptr && key == keys().end() && (!nested->empty() || is_group(path))) {
                flatten(*nested, path + ".");
                continue;
            }
            const bool may_be_list = key == keys().end() || key->list;
            const auto* array = may_be_list ? node.as_array() : nullptr;
            if (auto text = array != nullptr ? joined_text_of(*array) : text_of(node)) {
                file_[path] = std::move(*text);
            } else if (key == keys().end()) {
                file_[path] = "";  // unknown, and told as such
            } else {
                complain("'" + path + "' (file " + sources_.file_name + ") must be a single value" +
                         (key->list ? " or a list of them" : "") + ", not a table or a list" +
                         (key->list ? " of lists" : "") + ".");
            }
        }
    }

    /// Whether there are keys under this name.
    static bool is_group(const std::string& path) {
        return std::ranges::any_of(keys(), [&](const Key& key) { return key.name.starts_with(path + "."); });
    }

    /// What each key says may be right, and together they make no sense.
    void check_issuer(const Settings& settings) {
        const bool file = !settings.auth_jwks_file.empty();
        const bool url = !settings.auth_jwks_url.empty();
        if (file && url) {
            complain("Both 'auth.jwks_file' and 'auth.jwks_url' are set; unset one of them.");
        }
        if (settings.auth_issuer.empty()) {
            if (file || url || !settings.auth_audience.empty()) {
                complain("'auth.issuer' is not set, but other keys of it are; set it or unset them.");
            }
            return;
        }
        if (settings.auth_audience.empty()) {
            complain("'auth.issuer' is set without 'auth.audience': tokens for anybody would be taken.");
        }
        if (!file && !url) {
            complain("'auth.issuer' is set without its keys; set 'auth.jwks_file' or 'auth.jwks_url'.");
        }
    }

    void check_names(const std::map<std::string, std::string>& given, const std::string& what) {
        std::vector<std::string_view> known;
        for (const Key& key : keys()) {
            known.push_back(key.name);
        }
        for (const auto& [name, value] : given) {
            if (std::ranges::find(known, name) != known.end()) {
                continue;
            }
            const domain::NearName near = domain::nearest_name(name, known);
            const bool likely = near.distance <= std::max<std::size_t>(2, name.size() / 3);
            complain(what + " '" + name + "' is not known" +
                     (likely ? "; did you mean '" + std::string(near.name) + "'?"
                             : "; see `tributary config print`."));
        }
    }

    void take(const Key& key) {
        std::string origin = "default";
        std::string text(key.default_text);
        const std::string variable = environment_name(key.name);
        const auto in_environment = sources_.environment.find(variable);
        const auto named_file = sources_.environment.find(variable + "_FILE");
        if (const auto flag = sources_.flags.find(std::string(key.name)); flag != sources_.flags.end()) {
            if (!key.flag) {
                return complain("'" + std::string(key.name) + "' is a secret: give it by " + variable +
                                "_FILE or in " + "the configuration file, never on the command line.");
            }
            text = flag->second;
            origin = "flag";
        } else if (in_environment != sources_.environment.end() && named_file != sources_.environment.end()) {
            return complain("Both " + variable + " and " + variable + "_FILE are set; unset one of them.");
        } else if (in_environment != sources_.environment.end()) {
            text = in_environment->second;
            origin = "environment " + variable;
        } else if (named_file != sources_.environment.end()) {
            auto read = sources_.read_file(named_file->second);
            if (!read) {
                return complain(variable + "_FILE: " + read.error().detail);
            }
            text = trimmed(std::move(*read));
            origin = "environment " + variable + "_FILE";
        } else if (const auto in_file = file_.find(std::string(key.name)); in_file != file_.end()) {
            text = in_file->second;
            origin = "file " + sources_.file_name;
        }
        if (origin != "default" || !text.empty()) {
            if (const auto problem = key.apply(loaded_.settings, text)) {
                return complain("'" + std::string(key.name) + "' (" + origin + ") " + *problem + ".");
            }
        }
        const bool hide = key.secret && !text.empty();
        loaded_.origins.push_back({std::string(key.name), hide ? "(hidden)" : text, origin});
    }

    const Sources& sources_;
    std::map<std::string, std::string> file_;
    std::vector<Error> errors_;
    Loaded loaded_;
};

}  // namespace

std::expected<Loaded, std::vector<Error>> load(const Sources& sources) {
    return Loader(sources).load();
}

std::vector<KeyHelp> key_help() {
    std::vector<KeyHelp> help;
    for (const Key& key : keys()) {
        help.push_back({std::string(key.name), environment_name(key.name), std::string(key.default_text),
                        std::string(key.meaning)});
    }
    return help;
}

}  // namespace tributary::config
