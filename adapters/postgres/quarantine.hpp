// Objects that came without a usable key.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/quarantine_store.hpp"

namespace tributary::postgres {

void quarantine(Transaction& tx, const domain::ports::StreamRef& stream, int fullness,
                std::span<const domain::Quarantined> objects);
/// Hashes of the stream's contents, as domain::content_hash() writes them.
std::vector<std::string> read_quarantined(Transaction& tx, const domain::ports::StreamRef& stream);
void release_quarantined(Transaction& tx, const domain::ports::StreamRef& stream,
                         std::span<const std::string> hashes);

std::vector<domain::ports::QuarantineEntry> read_quarantine(Transaction& tx,
                                                            const domain::ports::QuarantineQuery& query);
/// Throws Failure with Errc::not_found.
domain::ports::QuarantinedObject read_quarantined_object(Transaction& tx, const domain::Uuid& id);
void note_failed_decoding(Transaction& tx, const domain::Uuid& id, const std::string& reason);

}  // namespace tributary::postgres
