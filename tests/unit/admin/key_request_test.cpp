#include "services/admin/key_request.hpp"

#include <doctest/doctest.h>

#include "services/admin/json_body.hpp"

using namespace tributary;
using namespace tributary::admin;
using namespace std::chrono_literals;

namespace {

/// The pointers of what is wrong; "" for a fault of the whole.
template <class Read>
std::vector<std::string> faults(Read read, std::string_view text) {
    const auto request = read(*read_json_body(text));
    std::vector<std::string> pointers;
    if (!request) {
        for (const domain::Error& error : request.error()) {
            CHECK(error.code == domain::Errc::invalid_input);
            CHECK_FALSE(error.detail.empty());
            pointers.push_back(error.pointer);
        }
    }
    return pointers;
}

std::vector<std::string> key_faults(std::string_view text) {
    return faults(read_key_request, text);
}

std::vector<std::string> rotate_faults(std::string_view text) {
    return faults(read_rotate_request, text);
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE("a request for a key has scopes, each once, and perhaps an end") {
    const auto request =
        read_key_request(*read_json_body(R"({"scopes":["read","sync","read"],"expires_in_days":36500})"));
    REQUIRE(request);
    CHECK(request->scopes == Pointers{"read", "sync"});
    CHECK(request->life == std::chrono::days(36'500));
    CHECK_FALSE(read_key_request(*read_json_body(R"({"scopes":["read"]})"))->life);
}

TEST_CASE("a request for a key is refused with every fault by its pointer") {
    CHECK(key_faults("[]") == Pointers{""});
    CHECK(key_faults("{}") == Pointers{"/scopes"});
    CHECK(key_faults(R"({"scopes":[]})") == Pointers{"/scopes"});
    CHECK(key_faults(R"({"scopes":"read"})") == Pointers{"/scopes"});
    CHECK(key_faults(R"({"scopes":["read","connections",1]})") == Pointers{"/scopes/1", "/scopes/2"});
    CHECK(key_faults(R"({"scopes":["read"],"name":"x","a/b":1})") == Pointers{"/name", "/a~1b"});
    for (const char* days : {"0", "-1", "36501", "1.0", "1e2", "\"7\"", "null", "9223372036854775808"}) {
        CAPTURE(days);
        CHECK(key_faults(R"({"scopes":["read"],"expires_in_days":)" + std::string(days) + "}") ==
              Pointers{"/expires_in_days"});
    }
}

TEST_CASE("a rotation has a grace of a day unless it says another") {
    CHECK(*read_rotate_request(*read_json_body("{}")) == 24h);
    CHECK(*read_rotate_request(*read_json_body(R"({"grace":"90m"})")) == 90min);
    CHECK(rotate_faults("[]") == Pointers{""});
    CHECK(rotate_faults(R"({"grace":24})") == Pointers{"/grace"});
    CHECK(rotate_faults(R"({"grace":"721h","scopes":[]})") == Pointers{"/grace", "/scopes"});
}

TEST_CASE("a grace is a whole number with a unit, at most thirty days") {
    CHECK(*parse_grace("0s") == 0s);
    CHECK(*parse_grace("2592000s") == 720h);
    CHECK(*parse_grace("43200m") == 720h);
    CHECK(*parse_grace("720h") == 720h);
    for (const char* text : {"", "h", "24", "-1h", "-0h", "+1h", "1.5h", "1 h", "1d", "721h", "2592001s",
                             "24H", "99999999999999999999h"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_grace(text));
    }
}
