// The coroutine type of every asynchronous port. The only Asio header the domain knows.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace tributary::domain::ports {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace tributary::domain::ports
