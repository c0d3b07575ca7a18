// Whether objects decode the same from what is stored of them as in the page that they came with.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tests {

/// Checks every object of a page, unusable ones included, against the provider's decoder for stored objects.
/// `self` is who the owner of the credentials was when the page was read.
inline void check_stored_again(const domain::ports::Provider& provider, const std::string& stream,
                               const domain::Page& page, const domain::SelfIds& self) {
    CAPTURE(stream);
    const auto decoded_again = [&](const json::Value& raw) {
        const auto stored = json::parse(json::write(raw));
        REQUIRE(stored.has_value());
        const domain::Result<domain::Page> again = provider.decode(stream, stored->root, self);
        REQUIRE(again.has_value());
        return *again;
    };
    for (const domain::Observation& seen : page.observations) {
        CAPTURE(seen.provider_id);
        const domain::Page again = decoded_again(seen.raw);
        REQUIRE(again.observations.size() == 1);
        const domain::Observation& stored = again.observations.front();
        CHECK(stored.provider_id == seen.provider_id);
        CHECK((stored.entity == seen.entity));
        CHECK(stored.founds_entity == seen.founds_entity);
        CHECK((stored.normalized == seen.normalized));
        CHECK((stored.access == seen.access));
        CHECK((stored.raw == seen.raw));
        CHECK((stored.source_updated_at == seen.source_updated_at));
    }
    for (const domain::Quarantined& unusable : page.quarantined) {
        const domain::Page again = decoded_again(unusable.raw);
        CHECK(again.observations.empty());
        REQUIRE(again.quarantined.size() == 1);
        CHECK(again.quarantined.front().reason == unusable.reason);
    }
}

}  // namespace tributary::tests
