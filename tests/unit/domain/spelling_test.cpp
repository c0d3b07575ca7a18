#include "domain/spelling.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace tributary::domain;

TEST_CASE("the nearest name is the one with the fewest letters to change, the first of several") {
    constexpr std::array<std::string_view, 3> known{"listen", "admin_listen", "log.level"};
    CHECK(nearest_name("listn", known).name == "listen");
    CHECK(nearest_name("listn", known).distance == 1);
    CHECK(nearest_name("admin.listen", known).name == "admin_listen");
    CHECK(nearest_name("log_level", known).name == "log.level");
    CHECK(nearest_name("listen", known).distance == 0);
    CHECK(nearest_name("", known).name == "listen");
}

TEST_CASE("a name of any length is answered by its beginning") {
    constexpr std::array<std::string_view, 1> known{"listen"};
    CHECK(nearest_name(std::string(1'000'000, 'x'), known).distance == 64);
}
