// Conditional reads: what an answer is called, and whether its reader has it already (RFC 9110, 8.8.3
// and 13.1.2). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/http.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::api {

/// Which of a document's two forms a reader gets. Each has entity tags of its own.
enum class Variant { full, masked };

/// What If-None-Match names, without W/ and quotes: the comparison is weak.
struct EntityTags {
    /// "*": whatever there is.
    bool any = false;
    std::vector<std::string> tags = {};
};

/// All fields of this name together. What is no entity tag is left out: at worst the whole answer is sent.
EntityTags if_none_match(const domain::ports::HttpFields& fields);

/// The tag of one version of a document: weak, because freshness is appended when it is sent. It names the
/// document too, for under `me` one path stands for many, and the version's time, for after a restore the
/// same number may be another version.
std::string tag_of(const domain::Uuid& document, const domain::ports::KnownVersion& version, Variant variant);
/// The tag of what was put together at a moment. `whose`: the tenant, or the customer whose it is; `partial`
/// is the text of all sources in trouble, also of those that the answer does not tell.
std::string tag_of(const domain::ports::Commit& moment, const domain::Uuid& whose, std::string_view partial,
                   Variant variant);

/// The versions of this document that its reader has in this variant.
domain::ports::KnownVersions known_versions(const EntityTags& held, const domain::Uuid& document,
                                            Variant variant);
/// Whether the reader has the answer of this tag.
bool is_held(const EntityTags& held, std::string_view tag);

/// The value of the field ETag.
std::string field_of(std::string_view tag);

/// Adds the entity tag as its field.
void add_tag(domain::ports::HttpReply& reply, std::string_view tag);

}  // namespace tributary::api
