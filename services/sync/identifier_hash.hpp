// Identifiers are looked up by a keyed hash, so that the index holds no e-mail, phone or tax number.
#pragma once

#include "domain/ports/sealer.hpp"
#include "services/view/reconcile.hpp"

namespace tributary::sync {

/// The sealer must outlive the function.
view::IdentifierHash identifier_hash(const domain::ports::Sealer& sealer);

}  // namespace tributary::sync
