// The sentences for what can go wrong on the way to a provider. They name the host and never what was sent.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::http {

inline domain::Error timed_out(std::string_view host, std::string_view phase) {
    return {domain::Errc::timed_out,
            std::string(host) + ": no " + std::string(phase) + " within its time limit; ask again later"};
}

inline domain::Error cancelled() {
    return {domain::Errc::cancelled, "The request was cancelled; nothing is wrong"};
}

inline domain::Error contract(std::string_view host, std::string_view what) {
    return {domain::Errc::contract,
            std::string(host) + ": " + std::string(what) + "; report it to the provider"};
}

/// A failed socket operation: cancelled, out of time, or the connection is lost.
inline domain::Error lost(std::string_view host, std::string_view phase,
                          const boost::system::error_code& error) {
    if (error == boost::asio::error::operation_aborted) {
        return cancelled();
    }
    if (error == boost::beast::error::timeout) {
        return timed_out(host, phase);
    }
    return {domain::Errc::unavailable,
            std::string(host) + ": no " + std::string(phase) + " (" + error.message() + "); ask again later"};
}

}  // namespace tributary::http
