#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include "services/app/commands/commands.hpp"
#include "services/app/service.hpp"

namespace tributary::app {

ExitCode serve_command(const CommandLine& line) {
    auto log =
        std::make_shared<spdlog::logger>("tributary", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
    log->set_level(spdlog::level::from_str(line.settings.log_level));
    auto service = Service::build(line.settings, std::move(log));
    if (!service) {
        return report(service.error());
    }
    const domain::Result<void> served = (*service)->run();
    return served ? ExitCode::done : report(served.error());
}

}  // namespace tributary::app
