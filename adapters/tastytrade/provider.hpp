// tastytrade's registration: the one thing the composition root needs of this folder.
#pragma once

#include <memory>

#include "domain/ports/provider.hpp"

namespace tributary::tastytrade {

std::unique_ptr<domain::ports::Provider> make_provider();

}  // namespace tributary::tastytrade
