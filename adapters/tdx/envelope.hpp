// The outer shape of a T-DX answer. Every concrete endpoint wraps in `result`; the general page of the
// documentation shows `items` for lists and a bare object for single ones, so both are taken where `result`
// is missing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/observation.hpp"

namespace tributary::tdx {

/// Decodes one object whose id is already known to be usable. Notes go to `drift`.
using ItemReader = std::function<domain::Observation(const json::Object& item, const std::string& id,
                                                     std::vector<domain::DriftNote>& drift)>;

/// What a list endpoint promises about its pages.
struct ListRule {
    /// The items asked for.
    std::uint32_t limit = 1;
    /// The documentation shows `pagination` for this list: where it is missing, a full page cannot be told
    /// from the last one and is a contract error, and a shorter one proves nothing. Undocumented lists may
    /// come whole.
    bool paginated = true;
    /// Another name for the list inside an object (`attributes`), or empty.
    std::string_view inner_name = {};
};

/// A page of one object that stands by itself, without an envelope.
domain::Page decode_item(const json::Value& item, const ItemReader& read);

/// A page of one object. Errc::contract where there is no JSON, no envelope or no object in it.
domain::Result<domain::Page> decode_single(std::string_view body, const ItemReader& read);

/// A page of a list. An item that is no object or has no id is quarantined. Errc::contract where the list or
/// a usable statement about the next page is missing: a failure must never look like an empty list.
domain::Result<domain::Page> decode_list(std::string_view body, const ListRule& rule, const ItemReader& read);

}  // namespace tributary::tdx
