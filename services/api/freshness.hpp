// How fresh an answer is: appended when it is sent, never stored in a document.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::api {

/// What is known of each of these sources, in their order. Of a stream that no run has ended yet: how its
/// connection does, and no times. A source whose connection is gone is left out.
std::vector<domain::ports::Freshness> known_of(std::span<const domain::ports::StreamRef> sources,
                                               std::span<const domain::ports::Freshness> all);
/// {"fetched_at", "verified_complete_at", "changed_at", "sources": [...]}: the oldest of its sources speaks
/// for the whole, but for `changed_at` the newest. A source that was never fetched makes the whole never
/// fetched.
json::Object freshness_of(std::span<const domain::ports::StreamRef> sources,
                          std::span<const domain::ports::Freshness> all);
/// The same as text, without a tree.
std::string freshness_text(std::span<const domain::ports::StreamRef> sources,
                           std::span<const domain::ports::Freshness> all);
/// When the oldest of its sources was last proved complete; nothing where one never was.
std::optional<domain::Timestamp> verified_of(std::span<const domain::ports::StreamRef> sources,
                                             std::span<const domain::ports::Freshness> all);
/// Connections that do not work, and those of which nothing was proved complete yet (their code is `pending`
/// too): what a list may be missing, with the reason.
json::Array missing_sources(std::span<const domain::ports::Freshness> all);
/// Connections that feed one object and do not work, or of which none of its streams was ever fetched.
json::Array missing_sources_of(std::span<const domain::ports::StreamRef> sources,
                               std::span<const domain::ports::Freshness> all);
/// How many of them an answer tells: a tenant may have any number of connections, and each page would repeat
/// them.
inline constexpr std::size_t most_missing_told = 100;
/// What an answer has under `partial`, as JSON text: the first of them.
std::string partial_text(std::span<const json::Value> missing);

}  // namespace tributary::api
