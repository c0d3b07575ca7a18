// Tables that can take back what an unfinished transaction did to them.
#pragma once

#include <functional>
#include <map>
#include <ranges>
#include <utility>
#include <vector>

namespace tributary::simulation {

/// What must be done to get back to where the transaction began.
class Journal {
  public:
    void note(std::function<void()> undo) { undo_.push_back(std::move(undo)); }

    [[nodiscard]] bool empty() const { return undo_.empty(); }

    void forget() { undo_.clear(); }

    void roll_back() {
        for (const auto& undo : std::views::reverse(undo_)) {
            undo();
        }
        undo_.clear();
    }

  private:
    std::vector<std::function<void()>> undo_;
};

template <class Key, class Row>
class Table {
  public:
    explicit Table(Journal& journal) : journal_(journal) {}

    [[nodiscard]] const std::map<Key, Row>& rows() const { return rows_; }

    [[nodiscard]] const Row* find(const Key& key) const {
        const auto found = rows_.find(key);
        return found == rows_.end() ? nullptr : &found->second;
    }

    /// The row to write to; made where it is missing.
    Row& change(const Key& key) {
        const auto found = rows_.find(key);
        if (found == rows_.end()) {
            journal_.note([this, key] { rows_.erase(key); });
            return rows_[key];
        }
        journal_.note([this, key, before = found->second] { rows_[key] = before; });
        return found->second;
    }

    void erase(const Key& key) {
        const auto found = rows_.find(key);
        if (found != rows_.end()) {
            journal_.note([this, key, before = found->second] { rows_[key] = before; });
            rows_.erase(found);
        }
    }

  private:
    Journal& journal_;
    std::map<Key, Row> rows_;
};

}  // namespace tributary::simulation
