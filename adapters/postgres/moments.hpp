// Finds the commit that a reader asks for, in the reader's own transaction.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/moment.hpp"

namespace tributary::postgres {

/// Throws Failure as ports/moment.hpp says. Only in a snapshot: what is read beside it is of the same moment.
domain::ports::Commit moment_of(Transaction& tx, const domain::ports::ReadAt& at);

/// How far back the past is kept, and the newest commit.
struct FeedHead {
    domain::ports::Commit newest;
    std::int64_t horizon = 0;
};

FeedHead read_head(Transaction& tx);
/// Errc::expired where the position is of a past that is not this one, or is kept no more.
void require_of_this_feed(Transaction& tx, const FeedHead& head, const domain::Position& position);

}  // namespace tributary::postgres
