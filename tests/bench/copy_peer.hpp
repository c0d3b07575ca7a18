// The peer of every ingest: the rows that it wrote, dumped, and written again by plain COPY, table by table,
// into the same indexed tables.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/support/database.hpp"

namespace tributary::bench {

using Seconds = std::chrono::duration<double>;

/// What an ingest writes.
const std::vector<std::string>& page_tables();
/// Empties those tables, their indexes too, and starts every feed anew.
void empty_page_tables(const tests::Database& database);

/// The rows of those tables in COPY's text form, in the order in which they lie.
class StoredRows {
  public:
    explicit StoredRows(const tests::Database& database);

    [[nodiscard]] std::size_t rows() const { return rows_; }

    /// Writes all rows with COPY as superuser: `transactions` of them, each with its share of every table,
    /// spread over as many sessions as said. The tables must be empty.
    [[nodiscard]] Seconds copy_back(const tests::Database& database, std::size_t transactions,
                                    std::size_t sessions) const;

  private:
    struct Table {
        std::string name;
        std::vector<std::string> lines;
    };

    std::vector<Table> tables_;
    std::size_t rows_ = 0;
};

}  // namespace tributary::bench
