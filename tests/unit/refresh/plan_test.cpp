#include "services/refresh/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

using namespace tributary;
using domain::ports::StreamFacts;
using refresh::Want;
using refresh::Work;

namespace {

const domain::Uuid first = domain::named_uuid({}, "first");
const domain::Uuid second = domain::named_uuid({}, "second");
const domain::Uuid document = domain::named_uuid({}, "document");

/// Reads accounts whole, groups only to tell whether they exist, users not at all by themselves.
class Bank final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "bank"; }

    [[nodiscard]] std::span<const StreamFacts> streams() const override {
        static const std::array<StreamFacts, 3> facts{
            {{.name = "accounts", .has_single_read = true, .single_read_is_whole = true},
             {.name = "groups", .has_single_read = true},
             {.name = "users"}}};
        return facts;
    }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] domain::Result<domain::Page> decode(std::string_view, const json::Value&,
                                                      const domain::SelfIds&) const override {
        return domain::fail(domain::Errc::internal, "Not asked here.");
    }

    [[nodiscard]] domain::Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return domain::fail(domain::Errc::internal, "Not asked here.");
    }
};

struct Fixture {
    Fixture() { providers.add(std::make_unique<Bank>()); }

    [[nodiscard]] std::vector<Work> plan(const std::vector<Want>& wants) const {
        return refresh::plan(wants, providers);
    }

    sync::Providers providers;
};

Want want(const domain::Uuid& connection, std::string stream, std::optional<domain::Uuid> of = std::nullopt) {
    return {"bank", {connection, std::move(stream)}, of};
}

Work reading(const domain::Uuid& connection, std::string stream) {
    return {connection, domain::ports::ObjectKey{document, {connection, std::move(stream)}}};
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an object is read by itself where its provider tells all of it so") {
    CHECK(plan({want(first, "accounts", document)}) == std::vector{reading(first, "accounts")});
}

TEST_CASE_FIXTURE(
    Fixture, "a run is what brings lists, and streams that a single read does not tell whole, up to date") {
    const std::vector<Work> run{{first, std::nullopt}};
    CHECK(plan({want(first, "accounts")}) == run);
    CHECK(plan({want(first, "groups", document)}) == run);
    CHECK(plan({want(first, "users", document)}) == run);
    CHECK(plan({want(first, "unheard of", document)}) == run);
    Want stranger = want(first, "accounts", document);
    stranger.provider = "nobody";
    CHECK(plan({stranger}) == run);
}

TEST_CASE_FIXTURE(Fixture,
                  "a connection that needs a run has none of its objects read besides, others still do") {
    const std::vector<Work> planned =
        plan({want(first, "accounts", document), want(first, "groups", document),
              want(second, "accounts", document)});
    CHECK(planned.size() == 2);
    CHECK(std::ranges::find(planned, Work{first, std::nullopt}) != planned.end());
    CHECK(std::ranges::find(planned, reading(second, "accounts")) != planned.end());
}

TEST_CASE_FIXTURE(Fixture, "what is wanted twice is done once, and nothing is done where nothing is wanted") {
    CHECK(plan({want(first, "accounts", document), want(first, "accounts", document)}).size() == 1);
    CHECK(plan({want(first, "accounts"), want(first, "users")}).size() == 1);
    CHECK(plan({}).empty());
}

TEST_CASE("a connection is asked for a reader's sake only where nobody has to act first") {
    for (const char* status : {"pending", "active", "degraded", "held"}) {
        CHECK(refresh::may_be_asked(status));
    }
    for (const char* status :
         {"reauth_required", "disabled", "paused", "removing", "rate_limited", "other", ""}) {
        CHECK_FALSE(refresh::may_be_asked(status));
    }
}
