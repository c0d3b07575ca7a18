#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "config/precedence_keys.hpp"

namespace tributary::config {

namespace {

using Problem = std::optional<std::string>;

template <class T>
bool whole_number(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

auto text_into(std::string Settings::* member) {
    return [member](Settings& settings, std::string_view text) -> Problem {
        settings.*member = std::string(text);
        return std::nullopt;
    };
}

auto number_into(std::size_t Settings::* member, std::size_t low, std::size_t high) {
    return [=](Settings& settings, std::string_view text) -> Problem {
        std::size_t value = 0;
        if (!whole_number(text, value) || value < low || value > high) {
            return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
        }
        settings.*member = value;
        return std::nullopt;
    };
}

auto flag_into(bool Settings::* member) {
    return [member](Settings& settings, std::string_view text) -> Problem {
        if (text != "true" && text != "false") {
            return "must be true or false";
        }
        settings.*member = text == "true";
        return std::nullopt;
    };
}

auto endpoint_into(Endpoint Settings::* member) {
    return [member](Settings& settings, std::string_view text) -> Problem {
        const std::size_t colon = text.rfind(':');
        Endpoint endpoint;
        if (colon == std::string_view::npos || colon == 0 ||
            !whole_number(text.substr(colon + 1), endpoint.port)) {
            return "must be ADDRESS:PORT, e.g. 127.0.0.1:8080";
        }
        endpoint.address = std::string(text.substr(0, colon));
        if (endpoint.address.starts_with('[') && endpoint.address.ends_with(']')) {
            endpoint.address = endpoint.address.substr(1, endpoint.address.size() - 2);
        }
        settings.*member = std::move(endpoint);
        return std::nullopt;
    };
}

auto seconds_into(std::chrono::seconds Settings::* member, std::size_t high) {
    return [=](Settings& settings, std::string_view text) -> Problem {
        std::size_t seconds = 0;
        const bool plain = text.ends_with('s') && whole_number(text.substr(0, text.size() - 1), seconds);
        if (!plain || seconds < 1 || seconds > high) {
            return "must be a number of seconds from 1s to " + std::to_string(high) + "s, e.g. 30s";
        }
        settings.*member = std::chrono::seconds(seconds);
        return std::nullopt;
    };
}

Problem retention_into(Settings& settings, std::string_view text) {
    constexpr std::size_t most_days = 36'500;
    std::size_t count = 0;
    const bool days = text.ends_with('d');
    const bool plain = (days || text.ends_with('h')) && whole_number(text.substr(0, text.size() - 1), count);
    if (!text.empty() && (!plain || count < 1 || count > most_days * (days ? 1 : 24))) {
        return "must be empty, or a number of hours or days from 1h to " + std::to_string(most_days) +
               "d, e.g. 90d";
    }
    settings.history_retention = std::chrono::hours(count * (days ? 24 : 1));
    return std::nullopt;
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    return whole_number(text, port) && port != 0;
}

/// A DNS name, an IPv4 address, or an IPv6 address in brackets, as the client that will connect reads it.
bool is_host(std::string_view host) {
    const bool bracketed = host.starts_with('[');
    const std::string_view inner = bracketed && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
    const auto allowed = [bracketed](char c) {
        const bool digit = c >= '0' && c <= '9';
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return bracketed ? digit || (lower >= 'a' && lower <= 'f') || c == ':' || c == '.'
                         : digit || (lower >= 'a' && lower <= 'z') || c == '-' || c == '.';
    };
    if (inner.empty() || !std::ranges::all_of(inner, allowed)) return false;
    return bracketed ? host.ends_with(']') && inner.contains(':')
                     : std::string_view("-.").find(inner.front()) == std::string_view::npos &&
                           std::string_view("-.").find(inner.back()) == std::string_view::npos &&
                           !inner.contains("..");
}

/// What is wrong with one allowed origin, or nothing.
Problem origin_problem(std::string_view origin) {
    const std::string entry = ", not '" + std::string(origin) + "'";
    const bool tls = origin.starts_with("https://");
    if (!tls && !origin.starts_with("http://")) {
        return "must list origins: https://host[:port], or http:// on loopback with a port" + entry;
    }
    const std::string_view place = origin.substr(tls ? 8 : 7);
    if (place.find_first_of("/?#") != std::string_view::npos) {
        return "must list origins without a path" + entry;
    }
    const std::size_t colon =
        place.find(':', place.starts_with('[') ? std::min(place.find(']'), place.size()) : 0);
    const std::string_view host = place.substr(0, colon);
    if (!is_host(host)) {
        return "must list origins with the name or address of a host" + entry;
    }
    if (colon != std::string_view::npos && !is_port(place.substr(colon + 1))) {
        return "must list origins with a port from 1 to 65535 or none" + entry;
    }
    const bool loopback = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    if (!tls && (!loopback || colon == std::string_view::npos)) {
        return "must list origins: https://host[:port], or http:// on loopback with a port" + entry;
    }
    return std::nullopt;
}

Problem key_set_url_into(Settings& settings, std::string_view text) {
    if (text.empty()) {
        settings.auth_jwks_url.clear();
        return std::nullopt;
    }
    const std::size_t scheme = text.find("://");
    const std::size_t path = text.find_first_of("/?", scheme == std::string_view::npos ? 0 : scheme + 3);
    const auto allowed = [](char c) { return c > ' ' && c < '\x7F' && c != '#' && c != '"' && c != '\\'; };
    if (scheme == std::string_view::npos || text.contains('@') || origin_problem(text.substr(0, path)) ||
        !std::ranges::all_of(text, allowed)) {
        return "must be https://host[:port]/path, or http:// on loopback with a port, without a user";
    }
    settings.auth_jwks_url = std::string(text);
    return std::nullopt;
}

/// The name of a claim or a media type: one word.
auto word_into(std::string Settings::* member) {
    return [member](Settings& settings, std::string_view text) -> Problem {
        const auto plain = [](char c) { return c > ' ' && c < '\x7F'; };
        if (text.empty() || text.size() > 200 || !std::ranges::all_of(text, plain)) {
            return "must be one word in ASCII";
        }
        settings.*member = std::string(text);
        return std::nullopt;
    };
}

auto origins_into(std::string provider) {
    return [provider](Settings& settings, std::string_view text) -> Problem {
        // Whatever stands before the last '@' may be a password, commas and all.
        if (const auto at = text.rfind('@'); at != std::string_view::npos) {
            const std::string_view rest = text.substr(at);
            return "must list origins without a user: take out what stands before '" +
                   std::string(rest.substr(0, rest.find(','))) + "'";
        }
        std::vector<std::string> origins;
        for (std::size_t start = 0; start < text.size();) {
            const std::size_t end = std::min(text.find(',', start), text.size());
            const std::string_view origin = text.substr(start, end - start);
            if (auto problem = origin_problem(origin)) {
                return problem;
            }
            origins.emplace_back(origin);
            start = end + 1;
        }
        settings.allowed_base_urls[provider] = std::move(origins);
        return std::nullopt;
    };
}

auto limit_into(std::string provider, std::size_t RequestLimit::* member) {
    return [provider, member](Settings& settings, std::string_view text) -> Problem {
        std::size_t value = 0;
        if (!whole_number(text, value) || value < 1 || value > 10'000) {
            return "must be a whole number from 1 to 10000";
        }
        settings.request_limits[provider].*member = value;
        return std::nullopt;
    };
}

Problem level_into(Settings& settings, std::string_view text) {
    static constexpr std::array levels{"debug", "info", "warn", "error", "off"};
    if (std::ranges::find(levels, text) == levels.end()) {
        return "must be debug, info, warn, error or off";
    }
    settings.log_level = std::string(text);
    return std::nullopt;
}

}  // namespace

std::span<const Key> keys() {
    using S = Settings;
    static const std::array fixed{
        Key{"listen", "127.0.0.1:8080", "Address and port of the API.", false, true,
            endpoint_into(&S::listen)},
        Key{"admin_listen", "127.0.0.1:9090", "Address and port of livez, readyz and metrics.", false, true,
            endpoint_into(&S::admin_listen)},
        Key{"threads", "0", "Threads that answer requests; 0: one a core.", false, true,
            number_into(&S::threads, 0, 1024)},
        Key{"api.requests_per_minute", "60000",
            "Requests a minute of one API key or token that this process answers, evenly spread: at most the "
            "twentieth part of them at once; 0: no limit.",
            false, true, number_into(&S::api_requests_per_minute, 0, 60'000'000)},
        Key{"cache.bytes", "268435456",
            "Memory for finished answers of documents that are read again and again, in bytes; 0: none are "
            "kept.",
            false, true, number_into(&S::cache_bytes, 0, std::size_t{1} << 40U)},
        Key{"database.url", "", "PostgreSQL to use, as a libpq URI.", true, false,
            text_into(&S::database_url)},
        Key{"database.direct_url", "",
            "PostgreSQL without a pooler in between, for migrations and for hearing other processes; empty: "
            "the same as database.url.",
            true, false, text_into(&S::database_direct_url)},
        Key{"database.role", "",
            "Role that `tributary migrate` lets work on what it made, where database.url is not the owner's; "
            "empty: the owner serves.",
            false, true, text_into(&S::database_role)},
        Key{"database.prepared", "true",
            "Whether statements that run often are prepared by name; false behind a pooler in transaction "
            "mode that does not carry them (PgBouncer before 1.21, or with max_prepared_statements = 0).",
            false, true, flag_into(&S::database_prepared)},
        Key{"database.connections", "4", "Connections to PostgreSQL, besides the one that listens.", false,
            true, number_into(&S::database_connections, 1, 256)},
        Key{"secrets.key_file", "", "File with 32 bytes in base64 that seal the providers' credentials.",
            false, true, text_into(&S::secrets_key_file)},
        Key{"http.ca_file", "", "PEM file of certificate authorities to trust besides the system's.", false,
            true, text_into(&S::http_ca_file)},
        Key{"auth.issuer", "",
            "Issuer of the tokens (JWT) that callers may show instead of an API key; empty: API keys alone.",
            false, true, text_into(&S::auth_issuer)},
        Key{"auth.audience", "", "What a token's audience (aud) must contain.", false, true,
            text_into(&S::auth_audience)},
        Key{"auth.jwks_file", "", "File with the issuer's public keys, a JSON Web Key Set.", false, true,
            text_into(&S::auth_jwks_file)},
        Key{"auth.jwks_url", "",
            "Where the issuer publishes its keys: https, or http on loopback. This or the file.", false, true,
            key_set_url_into},
        Key{"auth.type", "at+jwt", "What a token's header says that it is (typ).", false, true,
            word_into(&S::auth_type)},
        Key{"auth.tenant_claim", "tributary_tenant", "Claim with the name or id of the token's tenant.",
            false, true, word_into(&S::auth_tenant_claim)},
        Key{"auth.customer_claim", "tributary_customer",
            "Claim with the customer or profile that a token speaks for, if it does; it takes no right away.",
            false, true, word_into(&S::auth_customer_claim)},
        Key{"providers.tastytrade.allowed_base_urls",
            "https://api.tastyworks.com,https://api.cert.tastyworks.com",
            "Origins that tastytrade connections may use.", false, true, origins_into("tastytrade"), true},
        Key{"providers.tdx.allowed_base_urls", "https://api.t-dx.com",
            "Origins that T-DX connections may use.", false, true, origins_into("tdx"), true},
        Key{"providers.upvest.allowed_base_urls", "https://api.upvest.co,https://sandbox.upvest.co",
            "Origins that Upvest connections may use.", false, true, origins_into("upvest"), true},
        Key{"providers.tastytrade.requests_per_second", "5",
            "Requests a second to tastytrade with one credential, all processes together.", false, true,
            limit_into("tastytrade", &RequestLimit::requests_per_second)},
        Key{"providers.tastytrade.burst", "10", "Requests to tastytrade at once after a pause.", false, true,
            limit_into("tastytrade", &RequestLimit::burst)},
        Key{"providers.tdx.requests_per_second", "20",
            "Requests a second to T-DX with one credential, all processes together.", false, true,
            limit_into("tdx", &RequestLimit::requests_per_second)},
        Key{"providers.tdx.burst", "20", "Requests to T-DX at once after a pause.", false, true,
            limit_into("tdx", &RequestLimit::burst)},
        Key{"providers.upvest.requests_per_second", "250",
            "Requests a second to Upvest with one credential, all processes together.", false, true,
            limit_into("upvest", &RequestLimit::requests_per_second)},
        Key{"providers.upvest.burst", "25", "Requests to Upvest at once after a pause.", false, true,
            limit_into("upvest", &RequestLimit::burst)},
        Key{"sync.enabled", "true", "Run scheduled syncs in this process.", false, true,
            flag_into(&S::sync_enabled)},
        Key{"sync.lease", "30s", "How long a connection stays claimed after its owner died.", false, true,
            seconds_into(&S::sync_lease, 3600)},
        Key{"sync.concurrent_runs", "16", "Runs at once in this process, of each provider.", false, true,
            number_into(&S::sync_concurrent_runs, 1, 1000)},
        Key{"sync.removal_percent", "20", "Share of a stream's objects that one run may remove by itself.",
            false, true, number_into(&S::sync_removal_percent, 0, 100)},
        Key{"sync.removal_at_least", "5", "So many objects one run may always remove.", false, true,
            number_into(&S::sync_removal_at_least, 0, 1'000'000)},
        Key{"history.retention", "",
            "How long the past can be read (as_of) and the feed followed from an old position, in hours or "
            "days, e.g. 90d. What is older is deleted for good; empty: kept for ever.",
            false, true, retention_into},
        Key{"webhooks.clock_tolerance", "86400s",
            "How long before and after its own times a delivery's signature is good. Deliveries are repeated "
            "without end, maybe with their first signature, and one that is refused holds up all later ones. "
            "One that is replayed within it does nothing while its events are kept or newer ones are stored.",
            false, true, seconds_into(&S::webhooks_clock_tolerance, 604'800)},
        Key{"webhooks.retention", "604800s", "How long webhook events are kept once they are settled.", false,
            true, seconds_into(&S::webhooks_retention, 31'536'000)},
        Key{"log.level", "info", "debug, info, warn, error or off.", false, true, level_into},
    };
    static const std::vector<Key> table = [] {
        std::vector<Key> all(fixed.begin(), fixed.end());
        std::ranges::move(precedence_keys(), std::back_inserter(all));
        return all;
    }();
    return table;
}

std::string environment_name(std::string_view key) {
    std::string name = "TRIBUTARY_";
    for (const char c : key) {
        name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return name;
}

}  // namespace tributary::config
