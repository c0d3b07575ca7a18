#include "services/cache/document_cache.hpp"

#include <functional>
#include <utility>

namespace tributary::cache {

namespace {

/// What an entry takes beside the bytes of its document: nodes of list and map, counters, allocation.
constexpr std::size_t overhead = 400;

std::size_t bytes_of(const ReadyDocument& document) {
    return overhead + document.bytes.capacity() + document.stamps.capacity() * sizeof(Stamp);
}

}  // namespace

std::size_t DocumentCache::KeyHash::operator()(const DocumentKey& key) const noexcept {
    const std::hash<domain::Uuid> hash;
    return hash(key.document) ^ (hash(key.tenant) * 31) ^ (key.masked ? 1 : 0);
}

DocumentCache::DocumentCache(std::size_t most_bytes) : most_a_part_(most_bytes / parts) {}

// By the high bits: the map takes the low ones.
DocumentCache::Part& DocumentCache::part_of(const DocumentKey& key) {
    static_assert(parts == 64);
    return parts_[(KeyHash()(key) * 0x9E3779B97F4A7C15U) >> 58U];
}

std::shared_ptr<const ReadyDocument> DocumentCache::find(const DocumentKey& key) {
    Part& part = part_of(key);
    const std::lock_guard lock(part.mutex);
    const auto found = part.places.find(key);
    if (found == part.places.end()) return nullptr;
    found->second->was_asked_for = true;
    return found->second->document;
}

void DocumentCache::keep(const DocumentKey& key, std::shared_ptr<const ReadyDocument> document) {
    const std::size_t bytes = bytes_of(*document);
    Part& part = part_of(key);
    const std::lock_guard lock(part.mutex);
    if (const auto found = part.places.find(key); found != part.places.end()) {
        // Commits of another past cannot be compared.
        const ReadyDocument& kept = *found->second->document;
        if (kept.feed == document->feed && kept.loaded_at > document->loaded_at) return;
        part.erase(found->second);
    }
    if (bytes > most_a_part_) return;
    part.make_room(most_a_part_ - bytes);
    part.entries.push_back({key, std::move(document), bytes});
    part.places.emplace(key, std::prev(part.entries.end()));
    part.bytes += bytes;
}

void DocumentCache::forget(const domain::Uuid& tenant, const domain::Uuid& document,
                           std::int64_t changed_at) {
    for (const bool masked : {false, true}) {
        const DocumentKey key{tenant, document, masked};
        Part& part = part_of(key);
        const std::lock_guard lock(part.mutex);
        const auto found = part.places.find(key);
        if (found != part.places.end() && found->second->document->loaded_at < changed_at) {
            part.erase(found->second);
        }
    }
}

void DocumentCache::Part::erase(std::list<Entry>::iterator entry) {
    entry->document->gone = true;
    bytes -= entry->bytes;
    places.erase(entry->key);
    entries.erase(entry);
}

void DocumentCache::Part::make_room(std::size_t most) {
    while (bytes > most) {
        if (std::exchange(entries.front().was_asked_for, false)) {
            entries.splice(entries.end(), entries, entries.begin());
        } else {
            erase(entries.begin());
            ++evicted;
        }
    }
}

CacheFigures DocumentCache::figures() const {
    CacheFigures all;
    for (const Part& part : parts_) {
        const std::lock_guard lock(part.mutex);
        all.documents += part.entries.size();
        all.bytes += part.bytes;
        all.evicted += part.evicted;
    }
    return all;
}

}  // namespace tributary::cache
