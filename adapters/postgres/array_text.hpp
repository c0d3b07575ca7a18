// Arrays travel as one text parameter each, $1::text[], which every release of libpqxx can bind. Elements
// pass db_text().
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::postgres {

/// PostgreSQL's array text, built element by element.
class ArrayText {
  public:
    void add(std::string_view text);

    void add(const std::string& text) { add(std::string_view(text)); }

    void add(const char* text) { add(std::string_view(text)); }

    void add(const domain::Uuid& id);
    void add(domain::Timestamp at);
    void add(bool value);

    template <std::integral I>
        requires(!std::same_as<I, bool>)
    void add(I value) {
        add_bare(std::to_string(value));
    }

    void add_null() { add_bare("NULL"); }

    template <class T>
    void add(const std::optional<T>& value) {
        if (value) {
            add(*value);
        } else {
            add_null();
        }
    }

    /// "{...}".
    [[nodiscard]] const std::string& text() const { return elements_; }

  private:
    void add_bare(std::string_view text);
    /// Opens the text for one more element.
    void open();

    std::string elements_ = "{}";
};

/// One column of a set of rows: `project` (a member pointer or a function) of each element.
template <std::ranges::input_range Range, class Project = std::identity>
ArrayText array_of(const Range& rows, Project project = {}) {
    ArrayText array;
    for (const auto& row : rows) {
        array.add(std::invoke(project, row));
    }
    return array;
}

}  // namespace tributary::postgres
