// What one provider object says in the words of our documents, member by member, and the rules that get it
// there. Written from the mapping pages; shares nothing with the adapters.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "tests/e2e/oracle/source.hpp"

namespace tributary::e2e {

struct Fact {
    json::Value value;
    /// Stands beside an enumeration's value as provider_<name>.
    std::optional<std::string> provider_text = std::nullopt;
};

/// By the member's path in the document, with dots.
using Facts = std::map<std::string, Fact>;

/// Puts the facts into a document.
void write_facts(json::Object& document, const Facts& facts);

/// An enumeration's values: the provider's text and ours. Any other text is `other`.
struct Word {
    std::string_view theirs;
    std::string_view ours;
};

/// Reads a Source into Facts. Where several paths are given the first with a value counts. What is absent
/// leaves no fact, null stays null.
class Reader {
  public:
    using Paths = std::initializer_list<std::string_view>;

    Reader(Source& from, Facts& to) : from_(from), to_(to) {}

    /// A text; a number or a boolean as its own text.
    void text(Paths theirs, const std::string& ours);
    /// A boolean, also where it comes as text.
    void flag(Paths theirs, const std::string& ours);
    /// A whole number.
    void integer(Paths theirs, const std::string& ours);
    /// An instant, in our form.
    void time(Paths theirs, const std::string& ours);
    void choice(Paths theirs, const std::string& ours, std::span<const Word> words);
    /// As it was sent, keys in snake_case.
    void tree(std::string_view theirs, const std::string& ours);
    /// A value of our own.
    void constant(const std::string& ours, json::Value value);

  private:
    const json::Value* first(Paths theirs);

    Source& from_;
    Facts& to_;
};

/// `camelCase` and `dashed-case` in snake_case.
std::string snake_case(std::string_view key);
/// The same for every key in a tree.
json::Value with_snake_keys(const json::Value& tree);
/// The enumeration's value of a text.
std::string_view ours_of(std::string_view theirs, std::span<const Word> words);
/// An instant in our form.
std::string instant(std::string_view theirs);

}  // namespace tributary::e2e
