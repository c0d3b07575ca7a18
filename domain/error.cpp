#include "domain/error.hpp"

#include "domain/shortened.hpp"

namespace tributary::domain {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::invalid_input:
            return "invalid_input";
        case Errc::not_found:
            return "not_found";
        case Errc::gone:
            return "gone";
        case Errc::expired:
            return "expired";
        case Errc::conflict:
            return "conflict";
        case Errc::unauthenticated:
            return "unauthenticated";
        case Errc::permission_denied:
            return "permission_denied";
        case Errc::configuration:
            return "configuration";
        case Errc::unavailable:
            return "unavailable";
        case Errc::timed_out:
            return "timed_out";
        case Errc::throttled:
            return "throttled";
        case Errc::contract:
            return "contract";
        case Errc::stale_owner:
            return "stale_owner";
        case Errc::in_doubt:
            return "in_doubt";
        case Errc::cancelled:
            return "cancelled";
        case Errc::internal:
            return "internal";
    }
    return "internal";
}

Errc errc_named(std::string_view name) {
    for (int code = 0; code < static_cast<int>(Errc::internal); ++code) {
        if (name_of(static_cast<Errc>(code)) == name) {
            return static_cast<Errc>(code);
        }
    }
    return Errc::internal;
}

std::string pointer_step(std::string_view parent, std::string_view name) {
    std::string pointer = std::string(parent) + "/";
    for (const char c : shortened(name, 64)) {
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return pointer;
}

bool is_retryable(Errc code) {
    return code == Errc::unavailable || code == Errc::timed_out || code == Errc::throttled;
}

}  // namespace tributary::domain
