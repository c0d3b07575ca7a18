#include "domain/error.hpp"

namespace tributary::domain {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::invalid_input:
            return "invalid_input";
        case Errc::not_found:
            return "not_found";
        case Errc::gone:
            return "gone";
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

bool is_retryable(Errc code) {
    return code == Errc::unavailable || code == Errc::timed_out || code == Errc::throttled;
}

}  // namespace tributary::domain
