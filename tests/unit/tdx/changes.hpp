// Orders for a T-DX session, in short.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "fakes.hpp"
#include "fixture.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::tests {

using Outcome = domain::Result<domain::ports::ActionEffect>;

inline domain::ports::ActionOrder order_of(domain::ports::ActionKind kind, std::string subject,
                                           std::string_view arguments = "{}") {
    return {.kind = kind,
            .subject = std::move(subject),
            .arguments = *tree(arguments).if_object(),
            .key = *domain::parse_uuid("0190c4b2-0000-7000-8000-0000000000aa")};
}

/// The four switches and a language that differ from those of the fixture.
inline domain::ports::ActionOrder preferences_order(std::string subject = "user-uuid") {
    return order_of(domain::ports::ActionKind::put_preferences, std::move(subject),
                    R"({"language": "german", "notifications": {"order_placement": true,
                        "order_confirmation": false, "order_cancellation": true, "settlement_line": false}})");
}

/// Of the fixture's attribute with another value.
inline domain::ports::ActionOrder attribute_order(std::string_view value = "light") {
    return order_of(domain::ports::ActionKind::put_attribute, "user-uuid",
                    R"({"type": "preference", "sub_type": "ui", "key": "theme", "value": ")" +
                        std::string(value) + R"(", "content_type": "text/plain"})");
}

inline domain::ports::ActionOrder deletion_order(std::string id = "attribute-uuid") {
    return order_of(domain::ports::ActionKind::delete_attribute, std::move(id));
}

/// The preferences as they stand once preferences_order() was taken.
inline std::string changed_preferences() {
    return R"({"result": {"id": "preferences-uuid", "userId": "user-uuid", "language": "LANGUAGE_GERMAN",
        "notifications": {"orderPlacement": true, "orderConfirmation": false, "orderCancellation": true,
        "settlementLine": false}, "createdAt": "2024-01-15T10:00:00Z", "updatedAt": "2024-02-01T10:00:00Z"}})";
}

inline std::string attribute_text(const std::string& id, const std::string& key, const std::string& value) {
    return R"({"id": ")" + id + R"(", "type": "preference", "subType": "ui", "key": ")" + key +
           R"(", "value": ")" + value + R"(", "contentType": "text/plain"})";
}

inline std::string attributes_page(const std::string& items, const std::string& next = "") {
    return R"({"result": [)" + items + R"(], "pagination": {"cursors": {"next": ")" + next + "\"}}}";
}

/// A session of `user-uuid`, whose desk has been asked nothing.
struct ChangeRig : Rig {
    ChangeRig() { transport.answer("GET /users/me", 200, fixture("own_user")); }

    [[nodiscard]] Outcome perform(domain::ports::ActionOrder order) const {
        return run_task(session->actions()->perform(std::move(order)));
    }

    [[nodiscard]] Outcome look(domain::ports::ActionOrder order) const {
        return run_task(session->actions()->look(std::move(order)));
    }

    SessionPtr session = open_with_key();
};

}  // namespace tributary::tests
