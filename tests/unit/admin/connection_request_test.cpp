#include "services/admin/connection_request.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/json/parse.hpp"
#include "fake_provider.hpp"

using namespace tributary;
using domain::Errc;
using domain::Error;
using tests::FakeProvider;

namespace {

struct Fixture {
    Fixture() { providers.add(std::make_unique<FakeProvider>()); }

    [[nodiscard]] auto read(const std::string& body) const {
        return admin::read_connection_request(json::parse(body)->root, providers, allowed);
    }

    /// Pointers of the faults, in the order in which they are told.
    [[nodiscard]] std::vector<std::string> pointers(const std::string& body) const {
        const auto request = read(body);
        std::vector<std::string> pointers;
        for (const Error& fault : request ? std::vector<Error>{} : request.error()) {
            CHECK(fault.code == Errc::invalid_input);
            CHECK_FALSE(fault.detail.empty());
            CHECK(fault.detail.find("hunter2") == std::string::npos);
            pointers.push_back(fault.pointer);
        }
        return pointers;
    }

    sync::Providers providers;
    admin::AllowedOrigins allowed{{"fake", {"https://api.example.com"}}};
};

const std::string complete =
    R"({"provider":"fake","name":"Main desk","environment":"sandbox","base_url":"https://api.example.com",)"
    R"("schedule":"5m","credentials":{"token":"hunter2"}})";

/// The complete request with one text replaced by another.
std::string with(const std::string& part, const std::string& other) {
    std::string body = complete;
    body.replace(body.find(part), part.size(), other);
    return body;
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a complete request is taken as it was entered") {
    const auto request = read(complete);
    REQUIRE(request);
    CHECK(request->provider == "fake");
    CHECK(request->name == "Main desk");
    CHECK(request->environment == domain::ProviderEnvironment::sandbox);
    CHECK(request->base_url == "https://api.example.com");
    CHECK(request->period == std::optional(std::chrono::seconds(300)));
    CHECK(request->settings.empty());
    CHECK(request->credentials == json::Object{{"token", "hunter2"}});
}

TEST_CASE_FIXTURE(Fixture, "a request without a period is told apart from one with") {
    const auto request = read(with("5m", "manual"));
    REQUIRE(request);
    CHECK_FALSE(request->period);
}

TEST_CASE_FIXTURE(Fixture, "an empty request is told every member it lacks") {
    CHECK(pointers("{}") ==
          Pointers{"/provider", "/name", "/environment", "/base_url", "/schedule", "/credentials"});
}

TEST_CASE_FIXTURE(Fixture, "a body that is no object is refused as a whole") {
    for (const std::string body : {"[]", "null", "\"fake\"", "1"}) {
        CHECK(pointers(body) == Pointers{""});
    }
}

TEST_CASE_FIXTURE(Fixture, "each member of a wrong type is told by its pointer") {
    CHECK(pointers(R"({"provider":1,"name":null,"environment":[],"base_url":{},"schedule":5,"settings":"x",)"
                   R"("credentials":"hunter2"})") == Pointers{"/provider", "/name", "/environment",
                                                              "/base_url", "/schedule", "/settings",
                                                              "/credentials"});
}

TEST_CASE_FIXTURE(Fixture, "one wrong value is one fault with its pointer") {
    CHECK(pointers(with("fake", "mystery")) == Pointers{"/provider"});
    CHECK(pointers(with("sandbox", "staging")) == Pointers{"/environment"});
    CHECK(pointers(with("https://api.example.com", "https://evil.example")) == Pointers{"/base_url"});
    CHECK(pointers(with("https://api.example.com", "https://api.example.com/")) == Pointers{"/base_url"});
    CHECK(pointers(with("5m", "often")) == Pointers{"/schedule"});
    CHECK(pointers(with("\"schedule\"", "\"colour\":\"blue\",\"schedule\"")) == Pointers{"/colour"});
}

TEST_CASE_FIXTURE(Fixture, "an unknown provider is answered with those there are") {
    const auto request = read(with("fake", "mystery"));
    REQUIRE_FALSE(request);
    CHECK(request.error().front().detail == "There is no such provider; there are fake.");
}

TEST_CASE_FIXTURE(Fixture, "a name is 1 to 100 plain characters without space at its ends") {
    for (const std::string& name : {std::string("a"), std::string("Desk 2.b_c-d"), std::string(100, 'x')}) {
        CHECK(pointers(with("Main desk", name)).empty());
    }
    for (const std::string& name :
         {std::string(), std::string(" a"), std::string("a "), std::string("a/b"), std::string("a\\u0000"),
          std::string("M\xC3\xBCller"), std::string("a\\nb"), std::string(101, 'x')}) {
        CAPTURE(name);
        CHECK(pointers(with("Main desk", name)) == Pointers{"/name"});
    }
}

TEST_CASE_FIXTURE(Fixture, "what the provider finds wrong is told with our own faults") {
    CHECK(pointers(with(R"({"token":"hunter2"})", "{}")) == Pointers{"/credentials/token"});
    CHECK(pointers(with(R"("credentials")", R"("settings":{"mode":"x"},"credentials")")) ==
          Pointers{"/settings/mode"});
    CHECK(
        pointers(R"({"provider":"fake","settings":{"mode":"x"},"credentials":{"secret":"hunter2"}})") ==
        Pointers{"/name", "/environment", "/base_url", "/schedule", "/credentials/token", "/settings/mode"});
}

TEST_CASE_FIXTURE(Fixture, "an origin that another provider may use is not allowed for this one") {
    allowed = {{"other", {"https://api.example.com"}}};
    CHECK(pointers(complete) == Pointers{"/base_url"});
}

TEST_CASE_FIXTURE(Fixture, "a control character in a credential is refused at its field, at any depth") {
    for (const std::string escape :
         {"\\u0000", "\\u0001", "\\t", "\\n", "\\r\\nX: y", "\\u001f", "\\u007f"}) {
        CAPTURE(escape);
        CHECK(pointers(with("hunter2", "hunter2" + escape)) == Pointers{"/credentials/token"});
        CHECK(pointers(with("hunter2", escape + "hunter2")) == Pointers{"/credentials/token"});
        CHECK(pointers(with(R"("hunter2")", R"("x","more/":["a",{"b":"hunter2)" + escape + R"("}])")) ==
              Pointers{"/credentials/more~1/1/b"});
    }
}

TEST_CASE_FIXTURE(Fixture, "credentials may hold any printable text, and a PEM its lines") {
    CHECK(pointers(with("hunter2", "p\u00e4ss \u0080 \xF0\x9F\x94\x91 ~\\\"")).empty());
    CHECK(pointers(with(R"("hunter2")", R"("x","key_pem":"-----BEGIN PRIVATE KEY-----\r\nMC4C\n-----END")"))
              .empty());
}

TEST_CASE_FIXTURE(Fixture, "a field that the provider refuses is not told of twice") {
    CHECK(pointers(with(R"("token":"hunter2")", R"("other":"hunter2\n")")) ==
          Pointers{"/credentials/token", "/credentials/other"});
    CHECK(pointers(with("hunter2", "refuse me\\n")) == Pointers{"/credentials/token"});
}
