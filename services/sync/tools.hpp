// What every run is given; owned by the composition root and outliving all runs.
#pragma once

#include <memory>

#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/sealer.hpp"
#include "services/sync/providers.hpp"
#include "services/sync/removal_gate.hpp"

namespace spdlog {
class logger;
}

namespace tributary::sync {

struct SyncTools {
    domain::ports::PageStore& pages;
    domain::ports::ConnectionStore& connections;
    domain::ports::Sealer& sealer;
    const Providers& providers;
    domain::ports::ProviderTools provider_tools;
    std::shared_ptr<spdlog::logger> log;
    RemovalLimits removal_limits = {};
};

}  // namespace tributary::sync
