#include "services/api/conditional.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "domain/content_hash.hpp"
#include "domain/http/grammar.hpp"

namespace tributary::api {

using domain::ports::KnownVersion;

namespace {

std::string_view name_of(Variant variant) {
    return variant == Variant::full ? "full" : "masked";
}

/// Takes one entity tag off the front, where there is one.
std::string_view take_tag(std::string_view& text) {
    if (text.starts_with("W/")) {
        text.remove_prefix(2);
    }
    if (!text.starts_with('"')) {
        return {};
    }
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) {
        return {};
    }
    const std::string_view tag = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return tag;
}

void add_tags(std::string_view field, EntityTags& held) {
    while (!field.empty()) {
        field.remove_prefix(std::min(field.find_first_not_of(" \t,"), field.size()));
        if (const std::string_view tag = take_tag(field); !tag.empty()) {
            held.tags.emplace_back(tag);
        }
        field.remove_prefix(std::min(field.find(','), field.size()));
    }
}

/// What the front of a tag says; the rest of it is compared.
std::optional<KnownVersion> version_in(std::string_view tag) {
    std::int64_t version = 0;
    const auto number = std::from_chars(tag.data(), tag.data() + tag.size(), version);
    tag.remove_prefix(static_cast<std::size_t>(number.ptr - tag.data()));
    if (number.ec != std::errc{} || !tag.starts_with('-')) {
        return std::nullopt;
    }
    tag.remove_prefix(1);
    std::int64_t micros = 0;
    if (std::from_chars(tag.data(), tag.data() + tag.size(), micros).ec != std::errc{}) {
        return std::nullopt;
    }
    return KnownVersion{version, domain::Timestamp(std::chrono::microseconds(micros))};
}

}  // namespace

EntityTags if_none_match(const domain::ports::HttpFields& fields) {
    EntityTags held;
    for (const auto& [name, value] : fields) {
        if (!http::same_name(name, "If-None-Match")) {
            continue;
        }
        if (value == "*") {
            held.any = true;
        } else {
            add_tags(value, held);
        }
    }
    return held;
}

std::string tag_of(const domain::Uuid& document, const KnownVersion& version, Variant variant) {
    return std::to_string(version.version) + "-" +
           std::to_string(version.changed_at.time_since_epoch().count()) + "." +
           to_text(document).substr(0, 8) + "." + std::string(name_of(variant));
}

std::string tag_of(const domain::ports::Commit& moment, const domain::Uuid& whose, std::string_view partial,
                   Variant variant) {
    const std::string hash = domain::content_hash(to_text(whose) + std::string(partial)).substr(0, 16);
    return to_text(position_of(moment)) + "." + hash + "." + std::string(name_of(variant));
}

domain::ports::KnownVersions known_versions(const EntityTags& held, const domain::Uuid& document,
                                            Variant variant) {
    domain::ports::KnownVersions known{{}, held.any};
    for (const std::string& tag : held.tags) {
        const auto version = version_in(tag);
        if (version && tag == tag_of(document, *version, variant)) {
            known.versions.push_back(*version);
        }
    }
    return known;
}

bool is_held(const EntityTags& held, std::string_view tag) {
    return held.any || std::ranges::find(held.tags, tag) != held.tags.end();
}

std::string field_of(std::string_view tag) {
    return "W/\"" + std::string(tag) + "\"";
}

void add_tag(domain::ports::HttpReply& reply, std::string_view tag) {
    reply.fields.add("ETag", field_of(tag));
}

}  // namespace tributary::api
