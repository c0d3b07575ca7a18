#include "config/precedence_keys.hpp"

#include <algorithm>
#include <deque>
#include <expected>

#include "domain/precedence.hpp"
#include "domain/spelling.hpp"

namespace tributary::config {

namespace {

constexpr std::string_view providers[] = {"tastytrade", "tdx", "upvest"};

/// The names of a list with commas, or what is wrong with it.
std::expected<std::vector<std::string>, std::string> provider_list(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string name(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (std::ranges::find(providers, name) == std::end(providers)) {
            const domain::NearName near = domain::nearest_name(name, providers);
            const bool likely = near.distance <= std::max<std::size_t>(2, name.size() / 3);
            return std::unexpected(
                "must list providers (tastytrade, tdx, upvest), and '" + name + "' is none" +
                (likely ? "; did you mean '" + std::string(near.name) + "'?" : std::string()));
        }
        if (std::ranges::find(names, name) != names.end()) {
            return std::unexpected("names '" + name + "' twice; a provider has one place");
        }
        names.push_back(name);
    }
    return names;
}

/// Texts that keys point into.
std::string_view kept(std::string text) {
    static std::deque<std::string> texts;
    return texts.emplace_back(std::move(text));
}

Key of_field(std::string_view field) {
    const auto apply = [field](Settings& settings, std::string_view text) -> std::optional<std::string> {
        auto names = provider_list(text);
        if (!names) {
            return names.error();
        }
        if (names->empty()) {
            settings.field_precedence.erase(std::string(field));
        } else {
            settings.field_precedence[std::string(field)] = std::move(*names);
        }
        return std::nullopt;
    };
    return {kept("merge.precedence." + std::string(field)),
            "",
            kept("The same for " + std::string(field) + "; empty: as merge.precedence.default."),
            false,
            true,
            apply,
            true};
}

}  // namespace

std::vector<Key> precedence_keys() {
    std::vector<Key> all;
    all.push_back({"merge.precedence.default", "",
                   "Providers whose word counts first where several describe one customer, in this order; "
                   "whoever is not listed comes after them, newest first.",
                   false, true,
                   [](Settings& settings, std::string_view text) -> std::optional<std::string> {
                       auto names = provider_list(text);
                       if (!names) {
                           return names.error();
                       }
                       settings.precedence = std::move(*names);
                       return std::nullopt;
                   },
                   true});
    for (const std::string_view field : domain::merged_fields()) {
        all.push_back(of_field(field));
    }
    return all;
}

}  // namespace tributary::config
