// An action as the API shows it. Pure.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/action_store.hpp"
#include "domain/ports/http.hpp"
#include "services/api/conditional.hpp"

namespace tributary::api {

/// Its state, what it is about and what came of it; never what it was asked with. Masked, the provider's id
/// of a part stands shortened.
json::Object action_object(const domain::ports::ActionView& action, Variant variant);

/// The answer to whoever asked for it: 200 once it succeeded, 202 with its Location while it is under way,
/// its problem where it failed. The same for the same state, whoever asks again.
domain::ports::HttpReply action_reply(const domain::ports::ActionView& action, Variant variant);
/// 409 with its Location: it is under way, and whoever asked for it first waits for it.
domain::ports::HttpReply action_running(const domain::ports::ActionView& action);

}  // namespace tributary::api
