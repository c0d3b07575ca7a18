#include "adapters/postgres/review.hpp"

#include <utility>

#include "adapters/postgres/drift.hpp"
#include "adapters/postgres/quarantine.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

Task<Result<std::vector<DriftEntry>>> DriftTable::drift(Uuid tenant, DriftQuery query) {
    return pool_.run({tenant}, [query = std::move(query)](Transaction& tx) { return read_drift(tx, query); });
}

Task<Result<DriftEntry>> DriftTable::accept_drift(Uuid tenant, Uuid id, std::string by) {
    return pool_.run(
        {tenant}, [id, by = std::move(by)](Transaction& tx) { return postgres::accept_drift(tx, id, by); });
}

Task<Result<std::vector<QuarantineEntry>>> QuarantineTable::quarantine(Uuid tenant, QuarantineQuery query) {
    return pool_.run({tenant},
                     [query = std::move(query)](Transaction& tx) { return read_quarantine(tx, query); });
}

Task<Result<QuarantinedObject>> QuarantineTable::quarantined_object(Uuid tenant, Uuid id) {
    return pool_.run({tenant}, [id](Transaction& tx) { return read_quarantined_object(tx, id); });
}

Task<Result<void>> QuarantineTable::note_failed_decoding(Uuid tenant, Uuid id, std::string reason) {
    return pool_.run({tenant}, [id, reason = std::move(reason)](Transaction& tx) {
        postgres::note_failed_decoding(tx, id, reason);
    });
}

}  // namespace tributary::postgres
