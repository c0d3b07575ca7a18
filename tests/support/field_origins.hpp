// Whether a provider's table of origins (adapters/decode/field_origins.hpp) says what its decoder does.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/decode/field_origins.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/write.hpp"
#include "domain/ports/provider.hpp"
#include "domain/precedence.hpp"

namespace tributary::tests {

/// Merged fields and the update time, by our path; an enumeration's two members count as one.
using PersonLeaves = std::map<std::string, std::string>;

inline void add_leaves(const json::Object& object, const std::string& prefix, PersonLeaves& leaves) {
    constexpr std::string_view theirs = "provider_";
    for (const json::Entry& entry : object) {
        const bool pair = std::string_view(entry.key).starts_with(theirs);
        const std::string path = prefix + (pair ? entry.key.substr(theirs.size()) : entry.key);
        if (const json::Object* inner = entry.value.if_object()) {
            add_leaves(*inner, path + ".", leaves);
        } else {
            leaves[path] += json::write(entry.value);
        }
    }
}

inline PersonLeaves person_leaves(const domain::Profile& profile) {
    PersonLeaves leaves;
    domain::for_each_member(profile, [&](std::string_view name, const auto& member) {
        const auto fields = domain::merged_fields();
        if (std::ranges::find(fields, name) != fields.end() || name == "source_updated_at") {
            json::Object one;
            json::append_member(one, name, member);
            add_leaves(one, "", leaves);
        }
    });
    return leaves;
}

/// Nothing where the object cannot be decoded.
inline PersonLeaves decoded_leaves(const domain::ports::Provider& provider, std::string_view stream,
                                   const json::Value& payload) {
    const auto page = provider.decode(stream, payload, domain::SelfIds{"self", "account"});
    if (!page || page->observations.size() != 1) {
        return {};
    }
    return person_leaves(std::get<domain::Profile>(page->observations.front().normalized));
}

inline json::Value with_value(const json::Value& payload, std::string_view dotted, const json::Value& value) {
    json::Object object = payload.if_object() == nullptr ? json::Object() : *payload.if_object();
    const std::size_t end = std::min(dotted.find('.'), dotted.size());
    const std::string_view key = dotted.substr(0, end);
    const json::Value* inner = json::find(object, key);
    json::set(object, key,
              end == dotted.size() ? value
                                   : with_value(inner == nullptr ? json::Value(json::Object()) : *inner,
                                                dotted.substr(end + 1), value));
    return object;
}

inline std::vector<std::string_view> split_places(std::string_view places) {
    std::vector<std::string_view> all;
    while (!places.empty()) {
        const std::size_t end = std::min(places.find('|'), places.size());
        all.push_back(places.substr(0, end));
        places.remove_prefix(std::min(end + 1, places.size()));
    }
    return all;
}

/// Values of which one is right for whatever a field is.
inline const std::vector<json::Value>& plausible_values() {
    static const std::vector<json::Value> values{
        "2001-02-03",
        "2001-02-03T04:05:06Z",
        json::Number{"7"},
        true,
        json::Array{json::Value("DE")},
        json::Object{{"city", "Ulm"}, {"address_line1", "1 Way"}, {"street-one", "1 Way"}},
        "TYPE_FRONT_OFFICE",
        "text"};
    return values;
}

/// Sets each place of each row alone in a payload without anything but its key, and looks which field
/// appears: the row's, with some value, and no other but what `besides` names (a person's kind, told by the
/// object in which the place is). A place that stands in gives way to those before it.
inline void check_origins(const domain::ports::Provider& provider, std::string_view stream,
                          std::span<const decode::OriginRow> rows, const json::Value& bare,
                          const std::set<std::string>& besides = {}) {
    const PersonLeaves nothing = decoded_leaves(provider, stream, bare);
    for (const decode::OriginRow& row : rows) {
        const std::string field(row.field);
        CAPTURE(field);
        for (const std::string_view alternatives : row.places) {
            std::string before;
            for (const std::string_view place : split_places(alternatives)) {
                CAPTURE(std::string(place));
                bool appeared = false;
                for (const json::Value& value : plausible_values()) {
                    const json::Value payload = with_value(bare, place, value);
                    const PersonLeaves leaves = decoded_leaves(provider, stream, payload);
                    const auto found = leaves.find(field);
                    const auto base = nothing.find(field);
                    if (found == leaves.end() || (base != nothing.end() && base->second == found->second)) {
                        continue;
                    }
                    appeared = true;
                    for (const auto& [path, text] : leaves) {
                        const bool same = nothing.contains(path) && nothing.at(path) == text;
                        CHECK_MESSAGE((same || path == field || besides.contains(path)), path);
                    }
                    if (!before.empty()) {
                        // Together with one that comes before it, it has no say.
                        const json::Value other = with_value(bare, before, value);
                        CHECK(decoded_leaves(provider, stream, with_value(other, place, "unlike"))[field] ==
                              decoded_leaves(provider, stream, other)[field]);
                    }
                    break;
                }
                CHECK(appeared);
                before = before.empty() ? std::string(place) : before;
            }
        }
    }
}

/// Every field of the person that the payload brings has a row, but those in `derived`.
inline void check_complete(const domain::ports::Provider& provider, std::string_view stream,
                           const json::Value& payload, const std::set<std::string>& derived = {}) {
    const PersonLeaves leaves = decoded_leaves(provider, stream, payload);
    REQUIRE_FALSE(leaves.empty());
    for (const auto& [path, text] : leaves) {
        CHECK_MESSAGE((derived.contains(path) || provider.field_origin(stream, path).has_value()), path);
    }
}

}  // namespace tributary::tests
