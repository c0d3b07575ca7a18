#include "adapters/postgres/repair.hpp"

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/runs.hpp"
#include "adapters/postgres/tokens.hpp"

namespace tributary::postgres {

using domain::ports::ConnectionRepair;
using domain::ports::ConnectionView;

namespace {

// Whom the provider knows the credentials' owner as is learned anew: the new ones may be somebody else's, and
// what they bring must not be written over the person that the old ones were about.
constexpr auto replace_secrets = R"sql(
    UPDATE connections
    SET sealed_credentials = $3, settings = coalesce($4::text, settings), self_profile = NULL, self_account = NULL
    WHERE tenant_id = $1 AND connection_id = $2)sql";

// Some objects do not say whose they are and are decoded for the owner that the connection knows, who may be
// another from now on. What still exists comes again.
constexpr auto forget_quarantined = "DELETE FROM quarantine WHERE tenant_id = $1 AND connection_id = $2";

}  // namespace

ConnectionView repair_connection(Transaction& tx, domain::ports::Random& random,
                                 const ConnectionRepair& repair) {
    lock_schedule(tx, repair.id);
    if (load_connection(tx, repair.id).removing) {
        refuse(domain::Errc::conflict, "the connection is being removed");
    }
    tx.exec(replace_secrets, tx.tenant(), repair.id, repair.sealed_credentials, repair.settings);
    tx.exec(forget_quarantined, tx.tenant(), repair.id);
    destroy_tokens(tx, repair.id);
    write_health(tx, repair.id,
                 {domain::ConnectionStatus::pending,
                  "Its credentials were replaced; the next run shows whether "
                  "they work.",
                  "Nothing: the run starts by itself.", 0});
    resume_streams(tx, repair.id);
    // A run under way began with the old credentials.
    begin_anew(tx, random, repair.id, "repaired");
    return load_connection(tx, repair.id).view;
}

}  // namespace tributary::postgres
