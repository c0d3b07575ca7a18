// Objects that are read by themselves: who reads them, and when that was last done.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/object_read_store.hpp"

namespace tributary::postgres {

/// Throws Failure with Errc::not_found where there is no such connection.
domain::ports::ObjectClaim claim_object(Transaction& tx, const domain::ports::ObjectKey& key,
                                        domain::Timestamp not_before, std::chrono::seconds claim_lasts);
domain::ports::ObjectLook look_at_object(Transaction& tx, const domain::ports::ObjectKey& key);
void give_up_object(Transaction& tx, const domain::ports::ObjectRead& read);
/// Locks the schedule's row; throws Failure with Errc::stale_owner where somebody had the lease since the
/// read began.
void settle_object_read(Transaction& tx, const domain::ports::ObjectRead& read);

}  // namespace tributary::postgres
