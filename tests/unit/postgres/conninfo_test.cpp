#include "adapters/postgres/conninfo.hpp"

#include <doctest/doctest.h>

using tributary::domain::Errc;
using tributary::postgres::check_conninfo;
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

TEST_CASE("a URI with an empty query gains them without an empty parameter") {
    CHECK(with_defaults("postgresql://h/d?") ==
          "postgresql://h/d?connect_timeout=5&fallback_application_name=tributary");
}

TEST_CASE("what libpq can connect with passes") {
    for (const char* url :
         {"postgresql://u:p@db:5432/d", "postgres://db", "postgresql:///d?host=/run/postgresql",
          "postgresql://a:1,b:65535/d?target_session_attrs=read-write", "postgresql://a,b:2/d",
          "host=db port=5432 dbname=d", "postgresql://u:p%25@db/d", "postgresql://[::1]:5432/d"}) {
        CAPTURE(url);
        CHECK(check_conninfo("database.url", url));
    }
}

TEST_CASE("what libpq cannot connect with is refused by the setting's name and quotes nothing") {
    using namespace std::string_literals;
    for (const std::string& url :
         {"hunter2"s, "https://u:hunter2@db/d"s, "postgresql://u:hunter2@db:99999/d"s,
          "postgresql://u:hunter2@db:0/d"s, "postgresql://u:hunter2@db:abc/d"s,
          "postgresql://u:hunter2@a:1,b:70000/d"s, "postgresql://u:hunter2%zz@db/d"s,
          "postgresql://u:hunter2@db/d?hunter2=1"s, "host=db hunter2=1"s, "host=db port=-1 password=hunter2"s,
          "postgresql://[::1/hunter2"s, "postgresql://u:hunter2@db/d\0x"s}) {
        CAPTURE(url);
        const auto checked = check_conninfo("database.direct_url", url);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == Errc::configuration);
        CHECK(checked.error().detail.starts_with("database.direct_url has a") !=
              checked.error().detail.starts_with("database.direct_url is no PostgreSQL URI"));
        CHECK(checked.error().detail.find("hunter2") == std::string::npos);
    }
    const auto escape = check_conninfo("database.url", "postgresql://u:p%zz@db/d");
    CHECK(escape.error().detail.find("%25") != std::string::npos);
}
