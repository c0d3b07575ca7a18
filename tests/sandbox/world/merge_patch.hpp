// JSON merge patch (RFC 7396): a member of the patch replaces or adds, null removes, objects merge.
#pragma once

#include "domain/json/value.hpp"

namespace tributary::sandbox {

void merge_patch(json::Object& target, const json::Object& patch);

}  // namespace tributary::sandbox
