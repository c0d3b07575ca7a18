// One stored version, decoded by today's decoder and held against what it was made into. Pure.
#pragma once

#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ids.hpp"
#include "domain/observation.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/replay_store.hpp"
#include "services/replay/field_changes.hpp"

namespace tributary::replay {

struct DecodedAgain {
    domain::Observation observation;
    /// Empty where the version decodes as before. `entity` where it describes another entity than before,
    /// `access[]` where grants came or went, `(encoding)` where only the stored form differs.
    std::vector<FieldChange> changes;
    /// False where nobody knows what the version was made into: then there are no changes either.
    bool compared = true;
};

/// Whose connection it is, and what it knows of the owner of its credentials.
struct DecodingContext {
    const domain::ports::Provider& provider;
    domain::ProviderSpace space;
    std::string stream;
    domain::SelfIds self;
};

/// Who the owner of the credentials was when a version was read: whom it was attributed to; where it was
/// attributed to nobody, what the connection knows; where to several, or to one that nobody described, none.
domain::SelfIds owner_of(const domain::ports::StoredVersion& version, domain::SelfIds known);

/// An Error says why today's decoder does not take the version, in words without anything personal: the
/// object is unusable, has another key now, or cannot be decoded.
domain::Result<DecodedAgain> decode_again(const DecodingContext& context,
                                          const domain::ports::StoredVersion& version);

}  // namespace tributary::replay
