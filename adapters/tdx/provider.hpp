// Taurus T-DX as a provider (its documentation now also calls it PRIME).
#pragma once

#include <memory>

#include "domain/ports/provider.hpp"

namespace tributary::tdx {

/// Sessions may outlive the provider.
std::unique_ptr<domain::ports::Provider> make_provider();

}  // namespace tributary::tdx
