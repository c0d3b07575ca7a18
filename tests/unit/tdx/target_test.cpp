#include "adapters/tdx/target.hpp"

#include <doctest/doctest.h>

using namespace tributary;

TEST_CASE("a cursor is percent-encoded whole, so that padding, plus and slash survive") {
    CHECK(tdx::list_query(500, std::nullopt) == "limit=500");
    CHECK(tdx::list_query(500, "a+/=") == "limit=500&cursor=a%2B%2F%3D");
    CHECK(tdx::percent_encode("Az09-._~") == "Az09-._~");
    CHECK(tdx::percent_encode("../ü") == "..%2F%C3%BC");
}
