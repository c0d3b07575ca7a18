// The one error vocabulary inside the service. Adapters translate into it once on the way in, the API
// translates out of it once on the way out. Expected failures are values of this type; exceptions mean a bug
// or a lost resource.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tributary::domain {

/// What went wrong, as far as a caller can act on it. The names are stable: they appear in run reports and
/// logs.
enum class Errc {
    invalid_input,    ///< the caller's data is wrong; `pointer` names the field
    not_found,        ///< the thing asked for does not exist (or not for this tenant)
    gone,             ///< the provider says the object no longer exists (404 or 410 on a single-object read)
    expired,          ///< what is asked for is not kept any more, or was undone by a restore
    conflict,         ///< the state of the thing does not allow this now
    unauthenticated,  ///< credentials refused; an operator must repair them
    permission_denied,  ///< credentials are good, but not for this
    configuration,      ///< our own settings are wrong; retrying cannot help
    unavailable,        ///< transient: connection refused or lost, 5xx, database away
    timed_out,          ///< transient: a deadline passed
    throttled,          ///< the provider asked us to wait; see `retry_after`
    contract,           ///< the other side answered something its contract does not allow
    stale_owner,        ///< our lease on the connection was taken over; nothing was written
    in_doubt,           ///< the outcome of a commit is unknown; look before retrying
    cancelled,          ///< we are stopping; not an error to report
    internal,           ///< a bug on our side
};

/// The stable snake_case name of a code.
std::string_view name_of(Errc code);
/// The code of this name; Errc::internal where none has it.
Errc errc_named(std::string_view name);

struct Error {
    Errc code = Errc::internal;
    /// One sentence: what happened and what to do. Never holds secrets or personal data.
    std::string detail;
    /// RFC 6901 pointer to the offending field of the input, or empty.
    std::string pointer = {};
    /// How long the other side asked us to wait, if it did.
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand for the failing side of a Result.
inline std::unexpected<Error> fail(Errc code, std::string detail, std::string pointer = {}) {
    return std::unexpected(Error{code, std::move(detail), std::move(pointer), std::nullopt});
}

/// One more step of an RFC 6901 pointer, escaped: pointer_step("", "a/b") is "/a~1b". At most 64 characters
/// of the name.
std::string pointer_step(std::string_view parent, std::string_view name);

/// True where the same call may succeed later without anybody changing anything.
bool is_retryable(Errc code);

}  // namespace tributary::domain
