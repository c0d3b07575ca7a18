// How fresh an answer is: appended when it is sent, never stored in a document.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::api {

/// {"fetched_at", "verified_complete_at", "changed_at", "sources": [...]}: the oldest of its sources speaks
/// for the whole, but for `changed_at` the newest. A source that was never fetched makes the whole never
/// fetched.
json::Object freshness_of(std::span<const domain::ports::StreamRef> sources,
                          std::span<const domain::ports::Freshness> all);
/// Connections of the tenant that do not work: what a list may be missing, with the reason.
json::Array missing_sources(std::span<const domain::ports::Freshness> all);
/// Those among them that feed one object.
json::Array missing_sources_of(std::span<const domain::ports::StreamRef> sources,
                               std::span<const domain::ports::Freshness> all);

}  // namespace tributary::api
