#include "adapters/postgres/progress.hpp"

namespace tributary::postgres {

namespace {

constexpr auto update_progress = R"sql(
    UPDATE runs SET counts = $3, resume = $4
    WHERE tenant_id = $1 AND run_id = $2 AND (counts <> $3 OR resume <> $4))sql";

constexpr auto assign_missing = R"sql(
    UPDATE connections
    SET self_profile = coalesce(self_profile, $3::text), self_account = coalesce(self_account, $4::text)
    WHERE tenant_id = $1 AND connection_id = $2
      AND ((self_profile IS NULL AND $3::text IS NOT NULL) OR (self_account IS NULL AND $4::text IS NOT NULL)))sql";

}  // namespace

void save_progress(Transaction& tx, const domain::Uuid& run_id, const std::string& counts,
                   const std::string& resume) {
    tx.exec(update_progress, tx.tenant(), run_id, counts, resume);
}

void assign_self(Transaction& tx, const domain::Uuid& connection_id, const domain::SelfIds& self) {
    tx.exec(assign_missing, tx.tenant(), connection_id, self.profile, self.account);
}

}  // namespace tributary::postgres
