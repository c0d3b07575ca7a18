// The one place that lists the providers: a new one is a folder under adapters/ and a line here.
#pragma once

#include "services/sync/providers.hpp"

namespace tributary::app {

void register_providers(sync::Providers& providers);

}  // namespace tributary::app
