#include "tests/e2e/system/program.hpp"

namespace tributary::e2e {

tests::Command tributary_command(const ProgramSettings& settings, std::vector<std::string> words) {
    tests::Command command;
    command.words = {TRIBUTARY_PROGRAM};
    command.words.insert(command.words.end(), words.begin(), words.end());
    const auto tell = [&](const char* name, const std::string& value) {
        if (!value.empty()) command.environment.emplace_back(name, value);
    };
    const auto tell_port = [&](const char* name, std::uint16_t port) {
        if (port != 0) tell(name, "127.0.0.1:" + std::to_string(port));
    };
    tell("TRIBUTARY_DATABASE_URL", settings.database_url);
    tell("TRIBUTARY_SECRETS_KEY_FILE", settings.key_file);
    tell_port("TRIBUTARY_LISTEN", settings.port);
    tell_port("TRIBUTARY_ADMIN_LISTEN", settings.admin_port);
    tell("TRIBUTARY_SYNC_LEASE", settings.lease);
    tell("TRIBUTARY_API_REQUESTS_PER_MINUTE", settings.requests_per_minute);
    tell("TRIBUTARY_PROVIDERS_TASTYTRADE_ALLOWED_BASE_URLS", settings.tastytrade);
    tell("TRIBUTARY_PROVIDERS_TDX_ALLOWED_BASE_URLS", settings.tdx);
    tell("TRIBUTARY_PROVIDERS_UPVEST_ALLOWED_BASE_URLS", settings.upvest);
    tell("TRIBUTARY_AUTH_ISSUER", settings.issuer);
    tell("TRIBUTARY_AUTH_AUDIENCE", settings.audience);
    tell("TRIBUTARY_AUTH_JWKS_FILE", settings.jwks_file);
    tell("TRIBUTARY_AUTH_JWKS_URL", settings.jwks_url);
    return command;
}

tests::Finished run_tributary(const ProgramSettings& settings, std::vector<std::string> words) {
    return tests::run_to_end(tributary_command(settings, std::move(words)));
}

}  // namespace tributary::e2e
