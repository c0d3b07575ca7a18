#include "adapters/postgres/drift.hpp"
#include "adapters/postgres/quarantine.hpp"
#include "domain/json/parse.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::DriftSighting;
using domain::Uuid;
using postgres::Transaction;

namespace {

const StreamRef accounts{shared, "accounts"};

std::string inline_id(const Uuid& id) {
    return "'" + to_text(id) + "'";
}

DriftSighting sighting(const std::string& stream, const std::string& path) {
    return {stream, {domain::DriftKind::new_field, path, "string"}, 1};
}

/// As many entries as a stream may have.
std::string full_stream(const std::string& tenant, const std::string& stream) {
    return "INSERT INTO drift SELECT " + tenant + ", gen_random_uuid(), 'upvest', '" + stream +
           "', 'new_field', 'p' || n, 'string', 'open', '2001-01-01', '2001-01-01', 1, $shared, $run1 "
           "FROM generate_series(1, " +
           std::to_string(domain::most_drift_entries) + ") AS n;";
}

/// `sighting` under the id that ours would give it, as a row of theirs.
std::string known_to_theirs(const DriftSighting& seen) {
    return "INSERT INTO drift SELECT $theirs, " + inline_id(drift_id(ours, "upvest", seen)) +
           ", 'upvest', '" + seen.stream +
           "', 'new_field', 'p', 'string', 'open', '2001-01-01', '2001-01-01', 1, $shared, $run1;";
}

Step drift(std::string name, std::string arranged, DriftSighting seen) {
    return {std::move(name), std::move(arranged), silently([seen](Transaction& tx) {
                postgres::write_drift(tx, shared, domain::named_uuid({}, "run"), std::vector{seen});
            })};
}

constexpr auto a_full_quarantine_of_theirs = R"sql(
    INSERT INTO quarantine (tenant_id, connection_id, stream, content_hash, raw, reason, first_seen_at)
    SELECT $theirs, $shared, 'accounts', sha256(n::text::bytea), '', '', '2001-01-01' FROM generate_series(1, 10000) AS n;)sql";

Uuid known_quarantined(Transaction& tx) {
    return postgres::read_quarantine(tx, {}).at(0).id;
}

}  // namespace

std::vector<Step> review_steps() {
    const DriftSighting fresh = sighting("accounts", "fresh");
    return {
        drift("drift is seen again", "", sighting("accounts", "field")),
        drift("drift of a connection that is another provider's for theirs",
              "UPDATE connections SET provider = 'foreign' WHERE tenant_id = $theirs;", fresh),
        drift("drift that theirs knows, of a stream that is full",
              full_stream("$ours", "accounts") + known_to_theirs(fresh), fresh),
        drift("drift of a stream that theirs has full", full_stream("$theirs", "accounts"), fresh),
        {"the drift", "", [](Transaction& tx) { return shown(postgres::read_drift(tx, {})); }},
        {"drift is accepted", "",
         [](Transaction& tx) {
             return shown(postgres::accept_drift(tx, postgres::read_drift(tx, {}).at(0).id, "somebody"));
         }},
        {"objects without a key are kept, where theirs has no room", a_full_quarantine_of_theirs,
         silently([](Transaction& tx) {
             const domain::Quarantined object{json::parse(R"({"another":"object"})")->root, "no id"};
             postgres::quarantine(tx, accounts, 0, std::array{object});
         })},
        {"which contents are quarantined", "",
         [](Transaction& tx) { return shown(postgres::read_quarantined(tx, accounts)); }},
        {"quarantined contents are released", "", silently([](Transaction& tx) {
             postgres::release_quarantined(tx, accounts, postgres::read_quarantined(tx, accounts));
         })},
        {"the quarantine", "", [](Transaction& tx) { return shown(postgres::read_quarantine(tx, {})); }},
        {"a quarantined object", "",
         [](Transaction& tx) { return shown(postgres::read_quarantined_object(tx, known_quarantined(tx))); }},
        {"a quarantined object cannot be decoded", "", silently([](Transaction& tx) {
             postgres::note_failed_decoding(tx, known_quarantined(tx), "still no id");
         })},
    };
}

}  // namespace tributary::mutants
