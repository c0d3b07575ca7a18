#include "adapters/postgres/conninfo.hpp"

#include <doctest/doctest.h>

using tributary::postgres::with_defaults;

TEST_CASE("a connection string gains a bound on connecting and a name") {
    CHECK(with_defaults("host=db") == "host=db connect_timeout=5 fallback_application_name=tributary");
    CHECK(with_defaults("") == " connect_timeout=5 fallback_application_name=tributary");
}

TEST_CASE("a URI gains them as its query") {
    CHECK(with_defaults("postgresql://u@h/d") ==
          "postgresql://u@h/d?connect_timeout=5&fallback_application_name=tributary");
    CHECK(with_defaults("postgres://h/d?sslmode=require") ==
          "postgres://h/d?sslmode=require&connect_timeout=5&fallback_application_name=tributary");
}

TEST_CASE("what the operator set stays") {
    CHECK(with_defaults("host=db connect_timeout=60") ==
          "host=db connect_timeout=60 fallback_application_name=tributary");
}
