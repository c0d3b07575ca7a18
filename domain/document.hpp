// The finished text of a document: what it says, then its stamp. The content is compared and hashed without
// the stamp, so that a document whose content did not change is never written again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "domain/time.hpp"

namespace tributary::domain {

struct DocumentStamp {
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp changed_at;
    std::optional<Timestamp> deleted_at = std::nullopt;
};

/// `content` is a JSON object text; the stamp's members are appended as its last ones.
std::string stamped(std::string_view content, const DocumentStamp& stamp);
/// The content that a stamped text was made of.
std::string content_of(std::string_view stamped_text);
/// How deep our own documents are at most: what a provider nests deepest (the bound of a page) stands some
/// levels deeper there.
inline constexpr std::size_t deepest_document = 64;
/// The tree of one of our own documents, or of a difference between two, however large. Throws
/// std::logic_error where the text is none of ours.
json::Value document_tree(std::string_view text);
/// Appends one more member, whose value is JSON text, to the text of a JSON object, {} at least.
std::string with_member(std::string object, std::string_view key, std::string_view json_value);

}  // namespace tributary::domain
