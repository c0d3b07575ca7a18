// Stored documents as a reader gets them: in the variant that the reader may see, with what is known about
// their sources appended. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/conditional.hpp"

namespace tributary::api {

/// Borrowed for the call.
struct Presentation {
    std::span<const domain::ports::Freshness> freshness;
    Variant variant = Variant::masked;
    /// Set where freshness was demanded: whether the demand could not be met.
    std::optional<bool> stale = std::nullopt;
    /// Of a moment that was asked for: how fresh its sources were then is not kept, so nothing is said of it.
    bool past = false;
};

/// One object: besides its freshness, which of its sources are in trouble, and whether it is older than
/// demanded.
std::string object_text(const domain::ports::StoredDocument& document, const Presentation& how);

/// An object among others.
std::string shown(const domain::ports::StoredDocument& document, const Presentation& how);
/// A JSON array of them.
std::string shown(std::span<const domain::ports::StoredDocument> documents, const Presentation& how);

/// A customer and everything it has access to; `missing` is all of missing_sources().
std::string overview_text(const domain::ports::OverviewRead& read, const Presentation& how,
                          const json::Array& missing);
/// {"items", "as_of", "partial", "freshness"}.
std::string batch_text(std::span<const domain::ports::StoredDocument> documents,
                       const domain::ports::Commit& moment, const Presentation& how);

/// Everything that these documents were made of, each source once, in order.
std::vector<domain::ports::StreamRef> sources_of(std::span<const domain::ports::StoredDocument> documents);
std::vector<domain::ports::StreamRef> sources_of(const domain::ports::OverviewRead& read);

/// `Tributary-Verified-At`: when the oldest of the sources was last proved complete. Left out where one never
/// was.
void add_verified_at(domain::ports::HttpReply& reply, std::span<const domain::ports::StreamRef> sources,
                     std::span<const domain::ports::Freshness> all);
/// The same of a list, of whose every source something may be missing. A stream that the provider does not
/// give (verdict `denied`) is none.
void add_verified_at(domain::ports::HttpReply& reply, std::span<const domain::ports::Freshness> all);

}  // namespace tributary::api
