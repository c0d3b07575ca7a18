// One document as it is sent: finished field lines and body, with what it depends on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/kinds.hpp"

namespace tributary::cache {

class TenantFeed;

/// A freshness mark as it was when a copy was made, and where the latest known one stands.
struct Stamp {
    std::shared_ptr<const std::atomic<std::int64_t>> latest = {};
    std::int64_t seen = 0;
};

/// Never changes but for `gone`, so that any number of connections may be sending it while it is forgotten.
struct ReadyDocument {
    domain::EntityKind kind = domain::EntityKind::other;
    /// The document was read at this commit.
    std::int64_t loaded_at = 0;
    /// Whose stamps these are.
    std::shared_ptr<TenantFeed> feed;
    std::vector<Stamp> stamps;
    /// Field lines of a 200, those of a 304, the body: one block of memory.
    std::string bytes;
    std::size_t fields_size = 0;
    std::size_t unchanged_fields_size = 0;
    /// It stands in the cache no more, and nobody would tell of a change: set before the feed reaches a
    /// commit that changed the document.
    mutable std::atomic<bool> gone = false;
    /// The value of ETag, a part of `bytes`; empty where it has none.
    std::string_view etag;

    [[nodiscard]] std::string_view fields() const { return std::string_view(bytes).substr(0, fields_size); }

    [[nodiscard]] std::string_view unchanged_fields() const {
        return std::string_view(bytes).substr(fields_size, unchanged_fields_size);
    }

    [[nodiscard]] std::string_view body() const {
        return std::string_view(bytes).substr(fields_size + unchanged_fields_size);
    }
};

}  // namespace tributary::cache
