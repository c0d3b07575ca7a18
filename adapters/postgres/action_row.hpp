// The columns of an action that everybody is shown, in one place for all who read them.
#pragma once

#include "adapters/postgres/row.hpp"
#include "domain/ports/action_store.hpp"

namespace tributary::postgres {

/// How many columns action_view_of() reads.
inline constexpr int action_view_columns = 16;
/// SQL: these columns of the table `actions` by the name `a`.
inline constexpr auto action_view_list =
    "a.action_id, a.kind, a.state, a.connection_id, a.subject_kind, a.subject_id, a.object_id, a.attempts, "
    "a.error_code, a.error_detail, a.requested_by, a.created_at, a.updated_at, a.ended_at, a.expires_at, "
    "a.commit_no";

domain::ports::ActionView action_view_of(const Row& row);

}  // namespace tributary::postgres
