#include <doctest/doctest.h>

#include "adapters/tdx/change_arguments.hpp"
#include "adapters/tdx/provider.hpp"
#include "fixture.hpp"

using namespace tributary;
using domain::ports::ActionKind;

namespace {

std::vector<std::string> faults(ActionKind kind, std::string_view arguments) {
    std::vector<std::string> pointers;
    for (const domain::Error& fault :
         tdx::make_provider()->check_action(kind, *tests::tree(arguments).if_object())) {
        CHECK(fault.code == domain::Errc::invalid_input);
        CHECK_FALSE(fault.detail.empty());
        pointers.push_back(fault.pointer);
    }
    return pointers;
}

std::string switches(std::string_view more = "") {
    return R"("notifications": {"order_placement": true, "order_confirmation": true,
              "order_cancellation": false, "settlement_line": true)" +
           std::string(more) + "}";
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE("T-DX takes preferences and attributes, and nothing of account groups") {
    const auto provider = tdx::make_provider();
    CHECK(provider->takes(ActionKind::put_preferences));
    CHECK(provider->takes(ActionKind::put_attribute));
    CHECK(provider->takes(ActionKind::delete_attribute));
    CHECK_FALSE(provider->takes(ActionKind::create_account_group));
    CHECK_FALSE(provider->takes(ActionKind::close_account_group));
    CHECK_FALSE(provider->takes(ActionKind::other));
}

TEST_CASE("preferences need a language and all four switches, and nothing besides") {
    constexpr auto kind = ActionKind::put_preferences;
    CHECK(faults(kind, R"({"language": "french", )" + switches() + "}").empty());
    CHECK(faults(kind, "{}") == Pointers{"/language", "/notifications"});
    CHECK(faults(kind, R"({"language": "german", "notifications": {"order_placement": 1}})") ==
          Pointers{"/notifications/order_placement", "/notifications/order_confirmation",
                   "/notifications/order_cancellation", "/notifications/settlement_line"});
    CHECK(faults(kind, R"({"language": "german", "a/b": 1, )" + switches(R"(, "sms": true)") + "}") ==
          Pointers{"/a~1b", "/notifications/sms"});
    CHECK(faults(kind, R"({"language": "klingon", )" + switches() + "}") == Pointers{"/language"});
    CHECK(faults(kind, R"({"language": 7, )" + switches() + "}") == Pointers{"/language"});
}

TEST_CASE("a language that we have no word for is ordered as other, in T-DX's spelling") {
    constexpr auto kind = ActionKind::put_preferences;
    const std::string romansh =
        R"({"language": "other", "provider_language": "LANGUAGE_ROMANSH", )" + switches() + "}";
    CHECK(faults(kind, romansh).empty());
    CHECK(tdx::read_preferences_order(*tests::tree(romansh).if_object())->language == "LANGUAGE_ROMANSH");
    CHECK(faults(kind, R"({"language": "other", )" + switches() + "}") == Pointers{"/provider_language"});
    CHECK(faults(kind, R"({"language": "other", "provider_language": "romansh", )" + switches() + "}") ==
          Pointers{"/provider_language"});
    CHECK(faults(kind, R"({"language": "german", "provider_language": "LANGUAGE_GERMAN", )" + switches() +
                           "}") == Pointers{"/provider_language"});
}

TEST_CASE("an attribute needs its five texts within their bounds; only the value may be empty") {
    constexpr auto kind = ActionKind::put_attribute;
    CHECK(faults(kind,
                 R"({"type": "t", "sub_type": "s", "key": "k", "value": "", "content_type": "text/plain"})")
              .empty());
    CHECK(faults(kind, "{}") == Pointers{"/type", "/sub_type", "/key", "/value", "/content_type"});
    CHECK(
        faults(
            kind,
            R"({"type": "", "sub_type": "s", "key": "a\nb", "value": null, "content_type": "c", "subType": "s"})") ==
        Pointers{"/subType", "/type", "/key", "/value"});
    const std::string long_value(32'769, 'v');
    const std::string long_key(201, 'k');
    CHECK(faults(kind, R"({"type": "t", "sub_type": "s", "key": ")" + long_key + R"(", "value": ")" +
                           long_value + R"(", "content_type": "c"})") == Pointers{"/key", "/value"});
}

TEST_CASE("a deletion has no arguments") {
    CHECK(faults(ActionKind::delete_attribute, "{}").empty());
    CHECK(faults(ActionKind::delete_attribute, R"({"id": "a"})") == Pointers{"/id"});
}
