// What a provider that takes changes fills besides ports/provider.hpp: how one is checked, sent, and found
// out about where its answer was lost.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/enum_pair.hpp"
#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/observation.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

enum class ActionKind {
    put_preferences,
    put_attribute,
    delete_attribute,
    create_account_group,
    close_account_group,
    other
};

constexpr auto names_of(ActionKind) {
    using enum ActionKind;
    return std::to_array<EnumName<ActionKind>>({{put_preferences, "put_preferences"},
                                                {put_attribute, "put_attribute"},
                                                {delete_attribute, "delete_attribute"},
                                                {create_account_group, "create_account_group"},
                                                {close_account_group, "close_account_group"},
                                                {other, "other"}});
}

/// One change that somebody asked for. The same order may be sent again: nothing in it differs by attempt.
struct ActionOrder {
    ActionKind kind = ActionKind::other;
    /// The provider's id of what it is about: the profile of preferences and attributes, the attribute to
    /// delete, the group to close; of a creation the profile that it is for.
    std::string subject;
    /// In our vocabulary (snake_case), as Provider::check_action() found it well.
    json::Object arguments;
    /// The action's own id, for providers that know a request by a key (Upvest: `idempotency-key`).
    Uuid key;
};

/// What a provider says about the objects that an order concerns.
struct ActionEffect {
    /// What was ordered is so.
    bool stands = false;
    /// True only where it stands; nothing more is to come of it. An effect that stands and is not finished
    /// was accepted only (Upvest's CLOSING), and is looked at again.
    bool finished = false;
    /// The stream in which the objects stand; empty where the provider told nothing to store.
    std::string stream;
    /// Them as they are now, as fetch() would have brought them; only what is whole.
    Page page;
    /// Keys of that stream that are gone.
    std::vector<std::string> removed;
    /// The provider's id of the object that was changed or made; empty where there is none, or none was told.
    std::string object_id;
};

/// A session's changes. Arguments that check_action() would refuse are Errc::invalid_input. Lives as long as
/// the session; its tasks as the session's.
class ActionDesk {
  public:
    virtual ~ActionDesk() = default;
    /// Sends the order once. Errors that say it was not done: invalid_input (the provider refused it; the
    /// detail is a sentence of ours), not_found, conflict, permission_denied, unauthenticated, throttled,
    /// configuration. Whatever the provider took stands, even where what became of it could not be read: then
    /// the page is empty and a run will bring it. After every other error (unavailable, timed_out, contract,
    /// cancelled) it may have been done.
    virtual Task<Result<ActionEffect>> perform(ActionOrder order) = 0;
    /// Whether the order's effect stands, without changing anything. Errc::not_found where what it is about
    /// does not exist; of what only its key can tell, or what leaves no trace, Errc::invalid_input: send it
    /// again, which is safe.
    virtual Task<Result<ActionEffect>> look(ActionOrder order) = 0;
};

}  // namespace tributary::domain::ports
