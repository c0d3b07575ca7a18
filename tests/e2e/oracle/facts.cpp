#include "tests/e2e/oracle/facts.hpp"

#include <algorithm>
#include <stdexcept>

#include "domain/time.hpp"

namespace tributary::e2e {

namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// A scalar in the form of text; nullopt for null and for trees.
std::optional<std::string> scalar_text(const json::Value& value) {
    if (const std::string* text = value.if_string()) return *text;
    if (const json::Number* number = value.if_number()) return number->lexeme;
    if (const bool* flag = value.if_bool()) return *flag ? "true" : "false";
    return std::nullopt;
}

json::Object& nested(json::Object& in, const std::string& key) {
    auto place = std::ranges::find(in, key, &json::Entry::key);
    if (place == in.end()) {
        in.push_back({key, json::Object{}});
        place = in.end() - 1;
    }
    return *place->value.if_object();
}

}  // namespace

void write_facts(json::Object& document, const Facts& facts) {
    for (const auto& [path, fact] : facts) {
        json::Object* at = &document;
        std::size_t start = 0;
        for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', start)) {
            at = &nested(*at, path.substr(start, dot - start));
            start = dot + 1;
        }
        json::set(*at, path.substr(start), fact.value);
        if (fact.provider_text) json::set(*at, "provider_" + path.substr(start), *fact.provider_text);
    }
}

const json::Value* Reader::first(Paths theirs) {
    const json::Value* found = nullptr;
    for (const std::string_view path : theirs) {
        const json::Value* value = from_.take(path);
        if (value != nullptr && (found == nullptr || (found->is_null() && !value->is_null()))) found = value;
    }
    return found;
}

void Reader::text(Paths theirs, const std::string& ours) {
    if (const json::Value* value = first(theirs)) {
        const auto text = scalar_text(*value);
        to_[ours] = {text ? json::Value(*text) : json::Value()};
    }
}

void Reader::flag(Paths theirs, const std::string& ours) {
    if (const json::Value* value = first(theirs)) {
        const auto text = scalar_text(*value);
        to_[ours] = {text ? json::Value(*text == "true") : json::Value()};
    }
}

void Reader::integer(Paths theirs, const std::string& ours) {
    if (const json::Value* value = first(theirs)) {
        const auto text = scalar_text(*value);
        to_[ours] = {text ? json::Value(json::Number{*text}) : json::Value()};
    }
}

void Reader::time(Paths theirs, const std::string& ours) {
    if (const json::Value* value = first(theirs)) {
        const auto text = scalar_text(*value);
        to_[ours] = {text ? json::Value(instant(*text)) : json::Value()};
    }
}

void Reader::choice(Paths theirs, const std::string& ours, std::span<const Word> words) {
    const json::Value* value = first(theirs);
    if (value == nullptr) return;
    const std::string* text = value->if_string();
    to_[ours] = text == nullptr ? Fact{json::Value()} : Fact{json::Value(ours_of(*text, words)), *text};
}

void Reader::tree(std::string_view theirs, const std::string& ours) {
    if (const json::Value* value = from_.take(theirs)) to_[ours] = {with_snake_keys(*value)};
}

void Reader::constant(const std::string& ours, json::Value value) {
    to_[ours] = {std::move(value)};
}

std::string snake_case(std::string_view key) {
    std::string name;
    for (std::size_t i = 0; i < key.size(); ++i) {
        if (is_upper(key[i])) {
            if (i > 0 && !is_upper(key[i - 1])) name += '_';
            name += static_cast<char>(key[i] - 'A' + 'a');
        } else {
            name += key[i] == '-' ? '_' : key[i];
        }
    }
    return name;
}

json::Value with_snake_keys(const json::Value& tree) {
    if (const json::Array* elements = tree.if_array()) {
        json::Array copy;
        for (const json::Value& element : *elements) {
            copy.push_back(with_snake_keys(element));
        }
        return copy;
    }
    if (const json::Object* members = tree.if_object()) {
        json::Object copy;
        for (const json::Entry& member : *members) {
            copy.push_back({snake_case(member.key), with_snake_keys(member.value)});
        }
        return copy;
    }
    return tree;
}

std::string_view ours_of(std::string_view theirs, std::span<const Word> words) {
    const auto found = std::ranges::find(words, theirs, &Word::theirs);
    return found == words.end() ? std::string_view("other") : found->ours;
}

std::string instant(std::string_view theirs) {
    const auto at = domain::parse_timestamp(theirs);
    if (!at) throw std::runtime_error("the population holds an unreadable time: " + std::string(theirs));
    return domain::to_text(*at);
}

}  // namespace tributary::e2e
