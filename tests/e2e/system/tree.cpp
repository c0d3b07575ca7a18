#include "tests/e2e/system/tree.hpp"

#include <cstdlib>
#include <stdexcept>

#include "domain/json/parse.hpp"

namespace tributary::e2e {

namespace {

constexpr std::size_t most_values = 8'000'000;

}  // namespace

json::Value tree_of(std::string_view text) {
    auto parsed = json::parse(text, most_values);
    if (!parsed) {
        throw std::runtime_error("no JSON: " + std::string(text.substr(0, 200)));
    }
    return std::move(parsed->root);
}

const json::Value* find(const json::Value& tree, std::string_view path) {
    const json::Value* at = &tree;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return at;
}

std::string text(const json::Value& tree, std::string_view path) {
    const json::Value* value = find(tree, path);
    return value == nullptr || value->if_string() == nullptr ? std::string() : *value->if_string();
}

std::int64_t number(const json::Value& tree, std::string_view path) {
    const json::Value* value = find(tree, path);
    return value == nullptr || value->if_number() == nullptr
               ? -1
               : std::strtoll(value->if_number()->lexeme.c_str(), nullptr, 10);
}

const json::Array& array(const json::Value& tree, std::string_view path) {
    static const json::Array none;
    const json::Value* value = find(tree, path);
    return value == nullptr || value->if_array() == nullptr ? none : *value->if_array();
}

const json::Object& object(const json::Value& tree, std::string_view path) {
    static const json::Object none;
    const json::Value* value = find(tree, path);
    return value == nullptr || value->if_object() == nullptr ? none : *value->if_object();
}

}  // namespace tributary::e2e
