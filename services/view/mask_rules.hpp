// What a reader who may not see personal data sees of each member of a document. A list of what may be seen:
// a member without a rule is left out, so that a field that is added tomorrow is not shown by being
// forgotten.
#pragma once

#include <span>
#include <string_view>

#include "domain/kinds.hpp"

namespace tributary::view {

/// What becomes of a member's value. A value of another shape than its rule is for is left out.
enum class Masking {
    /// A text, number, boolean or null as it is.
    keep,
    /// Any text as "***", whatever its length.
    mask,
    /// A text of 8 characters and more as "***" and its last four, a shorter one as "***".
    last_four,
    /// A provider's id of an account: a UUID says nothing by itself and is kept, anything else may be the
    /// account's number: last_four.
    account_id,
    /// A provider's id of a person: a UUID is kept, anything else may be a login: masked.
    person_id,
    /// Two or three capital letters are kept, any other text is masked.
    country,
    /// An object: its members that are booleans, as they are.
    flags,
    /// An array: its elements that are texts, as they are.
    texts,
    /// An array: its elements that are objects, each by the rules inside.
    objects,
    /// Decided, too: not shown.
    leave_out,
};

struct MaskRule {
    std::string_view member;
    Masking masking = Masking::leave_out;
    /// Of Masking::objects.
    std::span<const MaskRule> inside = {};
};

/// Of the members of a document of this kind, without its stamp. None for what has no documents.
std::span<const MaskRule> mask_rules(domain::EntityKind kind);
/// Of the stamp (domain/document.hpp).
std::span<const MaskRule> stamp_mask_rules();

}  // namespace tributary::view
