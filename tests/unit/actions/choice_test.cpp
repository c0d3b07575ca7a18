#include "services/actions/choice.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using domain::ConnectionStatus;
using domain::ports::ActionKind;
using domain::ports::ActionTarget;

namespace {

/// Takes preferences and closings.
class Bank final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "bank"; }

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

    [[nodiscard]] bool takes(ActionKind kind) const override {
        return kind == ActionKind::put_preferences || kind == ActionKind::close_account_group;
    }
};

ActionTarget::Holder holder(const std::string& name, ConnectionStatus status,
                            std::optional<std::string> self = std::nullopt) {
    ActionTarget::Holder made;
    made.connection.id = domain::named_uuid({}, name);
    made.connection.name = name;
    made.connection.provider = "bank";
    made.connection.status = status;
    made.connection.self.profile = std::move(self);
    return made;
}

ActionTarget target(std::vector<ActionTarget::Holder> holders) {
    return {"bank", domain::ProviderEnvironment::production, "p1", std::move(holders)};
}

std::string chosen(const ActionTarget& target, ActionKind kind) {
    const auto* found = actions::choose(target, kind, Bank());
    return found == nullptr ? "none" : found->connection.name;
}

constexpr auto put = ActionKind::put_preferences;
constexpr auto closing = ActionKind::close_account_group;

}  // namespace

TEST_CASE("only a connection that works carries an action out") {
    using enum ConnectionStatus;
    for (const ConnectionStatus status :
         {pending, rate_limited, reauth_required, paused, disabled, removing, other}) {
        CHECK(chosen(target({holder("a", status)}), closing) == "none");
    }
    for (const ConnectionStatus status : {active, degraded, held}) {
        CHECK(chosen(target({holder("a", paused), holder("b", status)}), closing) == "b");
    }
}

TEST_CASE("what a profile keeps for itself is changed by nobody else") {
    const auto mine = holder("mine", ConnectionStatus::active, "p1");
    const auto theirs = holder("theirs", ConnectionStatus::active, "p2");
    const auto unknown = holder("unknown", ConnectionStatus::active);
    CHECK(chosen(target({theirs, unknown, mine}), put) == "mine");
    CHECK(chosen(target({theirs, unknown}), put) == "none");
    CHECK(chosen(target({theirs, unknown}), closing) == "theirs");
}

TEST_CASE("a connection of another provider or environment is not taken, nor a kind that it does not take") {
    auto other = holder("other", ConnectionStatus::active, "p1");
    other.connection.environment = domain::ProviderEnvironment::sandbox;
    CHECK(chosen(target({other}), put) == "none");
    other.connection.environment = domain::ProviderEnvironment::production;
    other.connection.provider = "another bank";
    CHECK(chosen(target({other}), put) == "none");
    CHECK(chosen(target({holder("a", ConnectionStatus::active, "p1")}), ActionKind::put_attribute) == "none");
}

TEST_CASE("an attribute is the profile's where a record of the profile says so") {
    auto sees = holder("sees", ConnectionStatus::active);
    sees.parts = {R"({"preferences":{"language":"german"}})", R"({"attributes":[{"id":"7","key":"a"}]})"};
    CHECK(actions::has_attribute(target({holder("blind", ConnectionStatus::active), sees}), "7"));
    CHECK_FALSE(actions::has_attribute(target({sees}), "8"));
    sees.parts = {R"({"id":"7"})", R"({"attributes":{"id":"7"}})", R"({"attributes":[7,{"id":7}]})",
                  "no JSON"};
    CHECK_FALSE(actions::has_attribute(target({sees}), "7"));
}
