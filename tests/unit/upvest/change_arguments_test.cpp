#include <doctest/doctest.h>

#include "adapters/upvest/change_arguments.hpp"
#include "adapters/upvest/provider.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::ports::ActionKind;

namespace {

using Pointers = std::vector<std::string>;

Pointers faults(ActionKind kind, std::string_view arguments) {
    Pointers pointers;
    for (const domain::Error& fault :
         upvest::make_provider()->check_action(kind, *tests::parse_or_fail(arguments).if_object())) {
        CHECK(fault.code == domain::Errc::invalid_input);
        CHECK_FALSE(fault.detail.empty());
        pointers.push_back(fault.pointer);
    }
    return pointers;
}

}  // namespace

TEST_CASE("Upvest takes the making and closing of account groups alone") {
    const auto provider = upvest::make_provider();
    CHECK(provider->takes(ActionKind::create_account_group));
    CHECK(provider->takes(ActionKind::close_account_group));
    CHECK_FALSE(provider->takes(ActionKind::put_preferences));
    CHECK_FALSE(provider->takes(ActionKind::put_attribute));
    CHECK_FALSE(provider->takes(ActionKind::delete_attribute));
    CHECK_FALSE(provider->takes(ActionKind::other));
}

TEST_CASE("a creation needs a type that one user can have, and takes a securities account number") {
    constexpr auto kind = ActionKind::create_account_group;
    for (const auto* type : {"personal", "legal_entity", "french_pea", "isa", "joint"}) {
        CHECK(faults(kind, R"({"type": ")" + std::string(type) + R"("})").empty());
    }
    for (const auto* type : {R"("child")", R"("business")", R"("PERSONAL")", R"("")", "1", "null"}) {
        CHECK(faults(kind, R"({"type": )" + std::string(type) + "}") == Pointers{"/type"});
    }
    CHECK(faults(kind, R"({"type": "isa", "securities_account_number": "0123456"})").empty());
    for (const auto* number : {R"("012345")", R"("0123456789012")", R"("12345678a")", "123456789", "null"}) {
        CHECK(faults(kind, R"({"type": "isa", "securities_account_number": )" + std::string(number) + "}") ==
              Pointers{"/securities_account_number"});
    }
    CHECK(faults(kind, R"({"user_id": "a"})") == Pointers{"/user_id", "/type"});
}

TEST_CASE("a closing needs one of the documented reasons, and may be announced only") {
    constexpr auto kind = ActionKind::close_account_group;
    for (const auto* reason : {"dunning", "power_of_attorney", "loss_of_legal_capacity", "aml", "risk_based",
                               "contract_breach", "user_initiated"}) {
        CHECK(faults(kind, R"({"closure_reason": ")" + std::string(reason) + R"("})").empty());
    }
    CHECK(faults(kind, R"({"closure_reason": "aml", "notification_only": true})").empty());
    CHECK(faults(kind, R"({"closure_reason": "AML", "notification_only": "yes", "~": 1})") ==
          Pointers{"/~0", "/closure_reason", "/notification_only"});
    CHECK(faults(kind, "{}") == Pointers{"/closure_reason"});
}
