// How every network operation here is awaited.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace tributary::http {

/// The outcome goes to `error`, which must outlive the operation.
///
/// Use it with single reads, writes and waits and with Asio's own composed operations. Beast's composed reads
/// do not look whether they were cancelled between two of their steps, so a cancellation can pass them by.
inline auto awaiting(boost::system::error_code& error) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

}  // namespace tributary::http
