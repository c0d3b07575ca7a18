// What every run is given; owned by the composition root and outliving all runs.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/ports/token_store.hpp"
#include "services/sync/providers.hpp"
#include "services/sync/removal_gate.hpp"

namespace spdlog {
class logger;
}

namespace tributary::sync {

struct Traffic;

struct SyncTools {
    domain::ports::PageStore& pages;
    domain::ports::ConnectionStore& connections;
    domain::ports::Sealer& sealer;
    const Providers& providers;
    domain::ports::ProviderTools provider_tools;
    std::shared_ptr<spdlog::logger> log;
    RemovalLimits removal_limits = {};
    /// Told of every run that ended here: provider, state, how long it took. May be empty.
    std::function<void(std::string_view, std::string_view, std::chrono::nanoseconds)> on_run_ended = {};
    /// Guards every request to a provider; null only where a test does without.
    Traffic* traffic = nullptr;
    /// Where connections share their access tokens; null only where a test does without.
    domain::ports::TokenStore* tokens = nullptr;
};

}  // namespace tributary::sync
