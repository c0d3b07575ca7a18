// Finished documents within a bound of memory: what was not asked for lately goes first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "domain/uuid.hpp"
#include "services/cache/ready_document.hpp"

namespace tributary::cache {

struct DocumentKey {
    domain::Uuid tenant;
    domain::Uuid document;
    /// The variant without personal data.
    bool masked = false;

    friend bool operator==(const DocumentKey&, const DocumentKey&) = default;
};

struct CacheFigures {
    std::uint64_t documents = 0;
    /// What they take, with what it takes to find them.
    std::uint64_t bytes = 0;
    /// Documents that went to make room.
    std::uint64_t evicted = 0;
};

/// Thread-safe: parts with a lock each, held for a look only.
class DocumentCache {
  public:
    explicit DocumentCache(std::size_t most_bytes);

    /// Nothing where there is none.
    std::shared_ptr<const ReadyDocument> find(const DocumentKey& key);
    /// Takes the place of an older one. What is larger than a part's share is not kept.
    void keep(const DocumentKey& key, std::shared_ptr<const ReadyDocument> document);
    /// Forgets both variants, where they were loaded before this commit.
    void forget(const domain::Uuid& tenant, const domain::Uuid& document, std::int64_t changed_at);

    [[nodiscard]] CacheFigures figures() const;

  private:
    struct Entry {
        DocumentKey key;
        std::shared_ptr<const ReadyDocument> document;
        std::size_t bytes = 0;
        /// Since its turn to go came last.
        bool was_asked_for = false;
    };

    struct KeyHash {
        std::size_t operator()(const DocumentKey& key) const noexcept;
    };

    /// The oldest first. Who was asked for when its turn to go comes goes to the end instead.
    struct alignas(64) Part {
        mutable std::mutex mutex;
        std::list<Entry> entries;
        std::unordered_map<DocumentKey, std::list<Entry>::iterator, KeyHash> places;
        std::size_t bytes = 0;
        std::uint64_t evicted = 0;

        void erase(std::list<Entry>::iterator entry);
        void make_room(std::size_t most);
    };

    static constexpr std::size_t parts = 64;

    Part& part_of(const DocumentKey& key);

    std::size_t most_a_part_;
    std::array<Part, parts> parts_;
};

}  // namespace tributary::cache
