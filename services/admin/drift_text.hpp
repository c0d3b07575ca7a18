// Drift entries and quarantined objects as the API and the command line show them.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/drift_store.hpp"
#include "domain/ports/quarantine_store.hpp"
#include "services/sync/reprocess.hpp"

namespace tributary::admin {

json::Object drift_object(const domain::ports::DriftEntry& entry);
/// Without the payload.
json::Object quarantine_object(const domain::ports::QuarantineEntry& entry);
/// With it, as `raw`: for those alone who may see what providers send.
json::Object quarantined_object(const domain::ports::QuarantinedObject& object);
/// What became of one that was decoded again.
json::Object reprocessed_object(const sync::Reprocessed& done);

}  // namespace tributary::admin
