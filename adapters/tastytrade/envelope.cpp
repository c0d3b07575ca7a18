#include "adapters/tastytrade/envelope.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "domain/drift.hpp"
#include "domain/json/parse.hpp"

namespace tributary::tastytrade {

using decode::ObjectReader;
using domain::Errc;

namespace {

domain::Result<Envelope> broken(std::string_view endpoint, std::string_view how) {
    return domain::fail(Errc::contract,
                        "tastytrade's answer for " + std::string(endpoint) + ' ' + std::string(how));
}

bool is_index(std::string_view segment) {
    return !segment.empty() && std::ranges::all_of(segment, [](char c) { return c >= '0' && c <= '9'; });
}

/// "/data/items/0/account/nickname" as the path inside the object: "account.nickname".
std::string path_inside(std::string_view pointer) {
    std::vector<std::string> segments;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view segment = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(segment.size());
        if (is_index(segment) && !segments.empty()) {
            segments.back() += "[]";
        } else {
            segments.push_back(domain::field_name(segment));
        }
    }
    std::string path;
    for (const std::string& segment : segments) {
        const bool shell = path.empty() && (segment == "data" || segment == "items[]");
        if (!shell || &segment == &segments.back()) {
            path += (path.empty() ? "" : ".") + segment;
        }
    }
    return path;
}

/// A code as providers write codes; anything longer or stranger might be a sentence about somebody.
std::string shown_code(const json::Value* code) {
    if (code == nullptr) {
        return {};
    }
    const json::Number* number = code->if_number();
    const std::string* string = code->if_string();
    const std::string text = number != nullptr ? number->lexeme : string != nullptr ? *string : std::string();
    const bool safe = text.size() <= 40 && std::ranges::all_of(text, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                 c == '_' || c == '-';
                      });
    return safe ? text : std::string();
}

}  // namespace

domain::Result<Envelope> open_envelope(std::string_view body, std::string_view endpoint) {
    domain::Result<json::Parsed> parsed = json::parse(body);
    if (!parsed) {
        return broken(endpoint, "is no JSON. " + parsed.error().detail);
    }
    json::Object* root = parsed->root.if_object();
    if (root == nullptr) {
        return broken(endpoint, "is no JSON object.");
    }
    Envelope envelope;
    ObjectReader reader(*root, "", envelope.notes);
    const json::Object* data = reader.object("data");
    if (data == nullptr) {
        return broken(endpoint, "has no object in `data`.");
    }
    reader.known("context");
    const json::Object* pagination = reader.object("pagination");
    if (pagination != nullptr) {
        const auto pages = ObjectReader(*pagination, "pagination", envelope.notes).integer("total-pages");
        if (pages.has_value() && pages.value() > 1) {
            return broken(endpoint, "is one page of several, which the contract does not know.");
        }
    }
    reader.finish();
    for (const std::string& pointer : parsed->duplicate_keys) {
        envelope.notes.push_back({domain::DriftKind::duplicate_key, path_inside(pointer), ""});
    }
    envelope.data = *data;
    return envelope;
}

domain::Result<json::Array> take_items(Envelope& envelope, std::string_view endpoint) {
    ObjectReader reader(envelope.data, "data", envelope.notes);
    const json::Array* items = reader.array("items");
    if (items == nullptr) {
        return std::unexpected(broken(endpoint, "has no array in `data.items`.").error());
    }
    reader.finish();
    return *items;
}

RefusalBody read_refusal(std::string_view body) {
    const domain::Result<json::Parsed> parsed = json::parse(body, 1000);
    if (!parsed || parsed->root.if_object() == nullptr) {
        return {};
    }
    if (const json::Value* error = parsed->root.find("error")) {
        const bool nested = error->if_object() != nullptr;
        return {nested || error->if_string() != nullptr, shown_code(nested ? error->find("code") : error)};
    }
    const json::Value* code = parsed->root.find("error_code");
    return {code != nullptr, shown_code(code)};
}

}  // namespace tributary::tastytrade
