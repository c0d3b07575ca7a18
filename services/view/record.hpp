// What is stored of an observation. Pure.
#pragma once

#include "domain/ids.hpp"
#include "domain/observation.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::view {

/// `fullness` is that of the observation's stream. Equal hashes mean that there is nothing to write.
domain::ports::RecordWrite record_of(const domain::Observation& observation,
                                     const domain::ProviderSpace& space, int fullness);

}  // namespace tributary::view
