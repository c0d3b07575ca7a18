// Stored documents as a reader gets them: in the variant that the reader may see, with what is known about
// their sources appended. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/ports/http.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/conditional.hpp"

namespace tributary::api {

/// Borrowed for the call.
struct Presentation {
    std::span<const domain::ports::Freshness> freshness;
    Variant variant = Variant::masked;
};

std::string shown(const domain::ports::StoredDocument& document, const Presentation& how);
/// A JSON array of them.
std::string shown(std::span<const domain::ports::StoredDocument> documents, const Presentation& how);

/// A customer and everything it has access to; `partial` is JSON text.
std::string overview_text(const domain::ports::OverviewRead& read, const Presentation& how,
                          std::string_view partial);
/// {"items", "as_of", "partial", "freshness"}.
std::string batch_text(std::span<const domain::ports::StoredDocument> documents,
                       const domain::ports::Commit& moment, const Presentation& how);

/// Everything that these documents were made of, each source once, in order.
std::vector<domain::ports::StreamRef> sources_of(std::span<const domain::ports::StoredDocument> documents);

/// `Tributary-Verified-At`: when the oldest of the sources was last proved complete. Left out where one never
/// was.
void add_verified_at(domain::ports::HttpReply& reply, std::span<const domain::ports::StreamRef> sources,
                     std::span<const domain::ports::Freshness> all);
/// The same of a list, which is as old as the oldest source that was ever proved complete; what is in trouble
/// stands under `partial`.
void add_verified_at(domain::ports::HttpReply& reply, std::span<const domain::ports::Freshness> all);

}  // namespace tributary::api
