// Beast's and Asio's TLS implementation, compiled here once for client and server.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
