#include "adapters/tastytrade/provider.hpp"

#include <doctest/doctest.h>

#include "fakes.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;

namespace {

std::vector<std::string> pointers(const json::Object& settings, const json::Object& credentials) {
    std::vector<std::string> faulty;
    for (const domain::Error& fault : tributary::tastytrade::make_provider()->check(settings, credentials)) {
        CHECK(fault.code == domain::Errc::invalid_input);
        CHECK_FALSE(fault.detail.empty());
        faulty.push_back(fault.pointer);
    }
    return faulty;
}

}  // namespace

TEST_CASE("the two credentials alone are enough") {
    CHECK(tributary::tastytrade::make_provider()->name() == "tastytrade");
    CHECK(pointers({}, {{"client_secret", "s"}, {"refresh_token", "r"}}).empty());
}

TEST_CASE("each missing, empty or mistyped credential is pointed at") {
    using Pointers = std::vector<std::string>;
    CHECK(pointers({}, {}) == Pointers{"/credentials/client_secret", "/credentials/refresh_token"});
    CHECK(pointers({}, {{"client_secret", ""}, {"refresh_token", 5}}) ==
          Pointers{"/credentials/client_secret", "/credentials/refresh_token"});
}

TEST_CASE("unknown settings and credentials are pointed at") {
    CHECK(pointers({{"a/b~c", true}}, {{"client_secret", "s"}, {"refresh_token", "r"}, {"client_id", "x"}}) ==
          std::vector<std::string>{"/settings/a~1b~0c", "/credentials/client_id"});
}

TEST_CASE("a context that would not pass the check opens no session") {
    FakeTransport transport;
    FakeClock clock;
    FakeRandom random;
    ports::ConnectionContext context;
    context.credentials = {{"client_secret", "s3cret"}};
    const auto session =
        tributary::tastytrade::make_provider()->open(std::move(context), {transport, clock, random});
    REQUIRE_FALSE(session);
    CHECK(session.error().code == domain::Errc::configuration);
    CHECK(session.error().pointer == "/credentials/refresh_token");
    CHECK(session.error().detail.find("s3cret") == std::string::npos);
}
