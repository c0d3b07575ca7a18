// What every committed page is built by: identifiers are looked up by a keyed hash, so that the index holds
// no e-mail, phone or tax number, and the registered providers say whose word counts first.
#pragma once

#include "domain/ports/sealer.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/sync/providers.hpp"

namespace tributary::sync {

/// The sealer must outlive the rules.
inline view::ViewRules view_rules(const domain::ports::Sealer& sealer, const Providers& providers) {
    return {identifier_hash(sealer), providers.precedence()};
}

}  // namespace tributary::sync
