// Records, their raw payloads and their access rows: the page transaction's statements about what a stream
// said.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

std::vector<domain::ports::RecordState> read_records(Transaction& tx, const domain::ports::StreamRef& stream,
                                                     std::span<const std::string> ids);
/// Locks those that live, in the order in which write_records() does.
std::vector<domain::ports::RecordState> lock_records(Transaction& tx, const domain::ports::StreamRef& stream,
                                                     std::span<const std::string> ids);
std::vector<std::string> read_record_streams(Transaction& tx, const domain::Uuid& connection_id);
std::vector<std::string> read_live_record_ids(Transaction& tx, const domain::ports::StreamRef& stream,
                                              const std::string& after, std::size_t limit);
std::vector<domain::Uuid> write_records(Transaction& tx, const domain::ports::StreamRef& stream,
                                        std::span<const domain::ports::RecordWrite> records);
std::vector<domain::Uuid> remove_records(Transaction& tx, const domain::ports::StreamRef& stream,
                                         std::span<const std::string> ids);

}  // namespace tributary::postgres
