// T-DX permission objects ({"canRead": true, ...}): the flags in our spelling and the access level they
// amount to.
#pragma once

#include <string>
#include <vector>

#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/observation.hpp"

namespace tributary::tdx {

struct Permissions {
    /// In snake_case, unknown flags included.
    json::Object flags;
    /// Derived: may withdraw is owner, else may trade is trade_only, else may read is read_only, else other.
    /// Absent where there was no permission object.
    domain::Field<domain::EnumPair<domain::AccessLevel>> level;
};

/// `object` may be nullptr. `path` is where it stands, for the notes.
Permissions read_permissions(const json::Object* object, const std::string& path,
                             std::vector<domain::DriftNote>& drift);

}  // namespace tributary::tdx
