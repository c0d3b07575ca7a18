// JSON texts of ours as one parameter, string_to_array($1, E'\x1f'): nothing in them is quoted, neither here
// nor by the server, which an array's text asks of every quotation mark.
#pragma once

#include <cstddef>
#include <functional>
#include <ranges>
#include <string>
#include <string_view>

namespace tributary::postgres {

/// Texts, built one by one. JSON as we write it is never empty and holds no control character, so that one
/// can stand between them. No texts at all become an empty array.
class JsonTexts {
  public:
    /// So many bytes are to come.
    void reserve(std::size_t bytes) { texts_.reserve(bytes); }

    /// Throws Failure with Errc::contract where db_text() does, or where the text is empty or holds U+001F.
    void add(std::string_view json);

    [[nodiscard]] const std::string& text() const { return texts_; }

  private:
    std::string texts_;
};

/// One column of a set of rows, as array_of() makes it.
template <std::ranges::input_range Range, class Project = std::identity>
JsonTexts json_texts_of(const Range& rows, Project project = {}) {
    JsonTexts texts;
    std::size_t bytes = 0;
    for (const auto& row : rows) {
        bytes += std::string_view(std::invoke(project, row)).size() + 1;
    }
    texts.reserve(bytes);
    for (const auto& row : rows) {
        texts.add(std::invoke(project, row));
    }
    return texts;
}

}  // namespace tributary::postgres
