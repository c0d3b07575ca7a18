#include "services/app/registration.hpp"

#include "adapters/tastytrade/provider.hpp"
#include "adapters/tdx/provider.hpp"
#include "adapters/upvest/provider.hpp"

namespace tributary::app {

void register_providers(sync::Providers& providers) {
    providers.add(tastytrade::make_provider());
    providers.add(tdx::make_provider());
    providers.add(upvest::make_provider());
}

}  // namespace tributary::app
