// What a database failure means to the rest of the program. The only table of exceptions and SQLSTATEs.
#pragma once

#include "domain/error.hpp"

namespace tributary::postgres {

struct Translated {
    domain::Error error;
    /// The same job may succeed at once: a serialization failure or a deadlock.
    bool retry = false;
    /// The session cannot be used again.
    bool connection_lost = false;
    /// The session has no prepared statement of that name.
    bool unknown_name = false;
};

/// Called in a catch block, about the exception being handled. The detail never holds values: PostgreSQL's
/// own message may quote a row, so only the SQLSTATE and the primary meaning are told.
Translated translate_current_exception();

}  // namespace tributary::postgres
