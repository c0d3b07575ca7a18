// Reading a row's fields, by position, into the domain's types. Times arrive in the format that every
// transaction of ours sets: ISO, UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/postgres/compat.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::postgres {

class Row {
  public:
    explicit Row(const pqxx::row& row) : row_(row) {}

    [[nodiscard]] bool is_null(int column) const;
    /// Valid as long as the row.
    [[nodiscard]] std::string_view view(int column) const;

    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }

    [[nodiscard]] std::optional<std::string> opt_text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::optional<std::int64_t> opt_number(int column) const;

    [[nodiscard]] bool boolean(int column) const { return view(column) == "t"; }

    [[nodiscard]] domain::Uuid uuid(int column) const;
    [[nodiscard]] std::optional<domain::Uuid> opt_uuid(int column) const;
    [[nodiscard]] domain::Timestamp time(int column) const;
    [[nodiscard]] std::optional<domain::Timestamp> opt_time(int column) const;

  private:
    pqxx::row row_;
};

/// Calls `make(Row)` for each row and collects what it returns.
template <class Make>
auto collect(const pqxx::result& rows, Make make) {
    std::vector<decltype(make(std::declval<Row>()))> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (const auto& row : rows) {
        all.push_back(make(Row(row)));
    }
    return all;
}

}  // namespace tributary::postgres
