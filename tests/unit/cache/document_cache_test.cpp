#include "services/cache/document_cache.hpp"

#include <doctest/doctest.h>

#include "services/cache/tenant_feed.hpp"

using namespace tributary;
using cache::DocumentCache;
using cache::DocumentKey;
using cache::ReadyDocument;
using domain::Uuid;

namespace {

constexpr std::size_t megabyte = std::size_t{1024} * 1024;

Uuid id_of(std::string_view name) {
    return domain::named_uuid({}, name);
}

DocumentKey key_of(std::string_view name, bool masked = false) {
    return {id_of("tenant"), id_of(name), masked};
}

std::shared_ptr<const ReadyDocument> document(std::int64_t loaded_at, std::size_t size = 100) {
    auto made = std::make_shared<ReadyDocument>();
    made->loaded_at = loaded_at;
    made->bytes.assign(size, 'x');
    return made;
}

}  // namespace

TEST_CASE("a document is found under its tenant, id and variant, and under no other") {
    DocumentCache cache(megabyte);
    const auto kept = document(1);
    cache.keep(key_of("a"), kept);
    CHECK(cache.find(key_of("a")) == kept);
    CHECK(cache.find(key_of("a", true)) == nullptr);
    CHECK(cache.find(key_of("b")) == nullptr);
    CHECK(cache.find({id_of("other tenant"), id_of("a"), false}) == nullptr);
}

TEST_CASE("forgetting takes both variants that were loaded before the change, and no later one") {
    DocumentCache cache(megabyte);
    cache.keep(key_of("a"), document(4));
    cache.keep(key_of("a", true), document(5));
    cache.keep(key_of("b"), document(4));
    cache.forget(id_of("tenant"), id_of("a"), 5);
    CHECK(cache.find(key_of("a")) == nullptr);
    CHECK(cache.find(key_of("a", true)) != nullptr);
    cache.forget(id_of("tenant"), id_of("a"), 6);
    CHECK(cache.find(key_of("a", true)) == nullptr);
    CHECK(cache.find(key_of("b")) != nullptr);
    CHECK(cache.figures().documents == 1);
}

TEST_CASE("a load that comes late does not take the place of a newer one") {
    DocumentCache cache(megabyte);
    const auto newer = document(5);
    cache.keep(key_of("a"), newer);
    cache.keep(key_of("a"), document(4));
    CHECK(cache.find(key_of("a")) == newer);
    const auto newest = document(6);
    cache.keep(key_of("a"), newest);
    CHECK(cache.find(key_of("a")) == newest);
    CHECK(cache.figures().documents == 1);
}

TEST_CASE("a copy of another past gives way to a load of this one, whatever its commit was") {
    const auto of_feed = [](std::int64_t loaded_at) {
        auto made = std::make_shared<ReadyDocument>();
        made->loaded_at = loaded_at;
        made->feed = std::make_shared<cache::TenantFeed>();
        return made;
    };
    DocumentCache cache(megabyte);
    cache.keep(key_of("a"), of_feed(900));
    const auto now = of_feed(4);
    cache.keep(key_of("a"), now);
    CHECK(cache.find(key_of("a")) == now);
}

TEST_CASE("a copy says that it is gone, for whatever reason it went") {
    DocumentCache cache(megabyte);
    const auto replaced = document(1);
    const auto forgotten = document(2);
    cache.keep(key_of("a"), replaced);
    cache.keep(key_of("a"), forgotten);
    CHECK(replaced->gone);
    CHECK_FALSE(forgotten->gone);
    cache.forget(id_of("tenant"), id_of("a"), 3);
    CHECK(forgotten->gone);
    const auto evicted = document(3);
    cache.keep(key_of("a"), evicted);
    for (int i = 0; i < 5'000; ++i)
        cache.keep(key_of(std::to_string(i)), document(1, 1'000));
    CHECK(evicted->gone);
}

TEST_CASE("the cache stays within its bytes, whatever is put in, and counts what went") {
    DocumentCache cache(megabyte);
    for (int i = 0; i < 5'000; ++i) {
        cache.keep(key_of(std::to_string(i)), document(1, 1'000));
        REQUIRE(cache.figures().bytes <= megabyte);
    }
    const auto figures = cache.figures();
    CHECK(figures.documents > 500);
    CHECK(figures.evicted == 5'000 - figures.documents);
    CHECK(figures.bytes >= figures.documents * 1'000);
}

TEST_CASE("what is asked for stays while what is not goes") {
    DocumentCache cache(megabyte);
    cache.keep(key_of("asked for"), document(1, 1'000));
    for (int i = 0; i < 5'000; ++i) {
        cache.keep(key_of(std::to_string(i)), document(1, 1'000));
        REQUIRE(cache.find(key_of("asked for")) != nullptr);
    }
    CHECK(cache.find(key_of("0")) == nullptr);
}

TEST_CASE("a document larger than a part's share is not kept, and the older one of its key is gone") {
    DocumentCache cache(megabyte);
    cache.keep(key_of("a"), document(1));
    cache.keep(key_of("a"), document(2, megabyte));
    CHECK(cache.find(key_of("a")) == nullptr);
    CHECK(cache.figures().bytes == 0);
}
