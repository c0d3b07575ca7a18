#include "services/admin/repair_request.hpp"

#include <doctest/doctest.h>

#include "domain/json/parse.hpp"
#include "fake_provider.hpp"

using namespace tributary;

namespace {

struct Fixture {
    Fixture() {
        providers.add(std::make_unique<tests::FakeProvider>());
        connection.name = "Main desk";
        connection.provider = "fake";
        connection.environment = domain::ProviderEnvironment::sandbox;
        connection.base_url = "https://api.example.com";
        connection.settings = "{}";
    }

    [[nodiscard]] auto read(const std::string& body) const {
        return admin::read_repair_request(json::parse(body)->root, connection, providers);
    }

    [[nodiscard]] std::vector<std::string> pointers(const std::string& body) const {
        const auto request = read(body);
        std::vector<std::string> pointers;
        for (const domain::Error& fault : request ? std::vector<domain::Error>{} : request.error()) {
            CHECK(fault.code == domain::Errc::invalid_input);
            CHECK(fault.detail.find("hunter2") == std::string::npos);
            pointers.push_back(fault.pointer);
        }
        return pointers;
    }

    sync::Providers providers;
    domain::ports::ConnectionView connection;
};

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a repair with new credentials alone leaves the settings") {
    const auto request = read(R"({"credentials":{"token":"hunter2"}})");
    REQUIRE(request);
    CHECK(request->credentials == json::Object{{"token", "hunter2"}});
    CHECK_FALSE(request->settings);
}

TEST_CASE_FIXTURE(Fixture, "the file that made the connection repairs it") {
    const auto request = read(
        R"({"provider":"fake","name":"Main desk","environment":"sandbox","base_url":"https://api.example.com",)"
        R"("schedule":"5m","settings":{},"credentials":{"token":"hunter2"}})");
    REQUIRE(request);
    CHECK(request->settings == json::Object{});
}

TEST_CASE_FIXTURE(Fixture, "a repair that would make another connection of it is refused by the member") {
    CHECK(pointers(R"({"name":"Other","credentials":{"token":"hunter2"}})") == Pointers{"/name"});
    CHECK(pointers(R"({"provider":1,"credentials":{"token":"hunter2"}})") == Pointers{"/provider"});
    CHECK(pointers(R"({"environment":"production","credentials":{"token":"hunter2"}})") ==
          Pointers{"/environment"});
    CHECK(pointers(R"({"base_url":"https://evil.example","credentials":{"token":"hunter2"}})") ==
          Pointers{"/base_url"});
}

TEST_CASE_FIXTURE(Fixture, "a repair is told every fault, also what the provider finds") {
    CHECK(pointers("[]") == Pointers{""});
    CHECK(pointers("{}") == Pointers{"/credentials"});
    CHECK(pointers(R"({"colour":1,"credentials":"hunter2","settings":[]})") ==
          Pointers{"/colour", "/credentials", "/settings"});
    CHECK(pointers(R"({"credentials":{"secret":"hunter2"},"settings":{"mode":1}})") ==
          Pointers{"/credentials/token", "/settings/mode"});
    CHECK(pointers(R"({"credentials":{"token":"hunter2\n"}})") == Pointers{"/credentials/token"});
}

TEST_CASE_FIXTURE(Fixture, "settings that stay are checked with the new credentials") {
    connection.settings = R"({"mode":"x"})";
    CHECK(pointers(R"({"credentials":{"token":"hunter2"}})") == Pointers{"/settings/mode"});
    CHECK(pointers(R"({"settings":{},"credentials":{"token":"hunter2"}})").empty());
}

TEST_CASE_FIXTURE(Fixture, "a connection of a provider that is not known cannot be repaired") {
    connection.provider = "gone";
    CHECK(pointers(R"({"credentials":{"token":"hunter2"}})") == Pointers{""});
}
