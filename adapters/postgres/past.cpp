#include "adapters/postgres/past.hpp"

#include "adapters/postgres/lists.hpp"

namespace tributary::postgres {

using domain::Uuid;

namespace {

// In one of the two tables, if at all.
constexpr auto select_documents_then = R"sql(
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL, changed_at FROM documents
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND commit_no <= $3::bigint
    UNION ALL
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL, changed_at FROM history
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND valid_from <= $3::bigint AND valid_to > $3::bigint
      AND kind IN ('customer', 'account', 'sub_account', 'account_group', 'identity_link')
    ORDER BY document_id)sql";

constexpr auto select_redirects_then = R"sql(
    SELECT customer_id, redirect_to FROM (
        SELECT DISTINCT ON (customer_id) customer_id, redirect_to FROM redirects
        WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND valid_from <= $3::bigint
        ORDER BY customer_id, valid_from DESC) AS latest
    WHERE redirect_to IS NOT NULL)sql";

}  // namespace

std::vector<domain::ports::StoredDocument> documents_then(Transaction& tx, std::int64_t commit,
                                                          std::span<const Uuid> ids) {
    return collect(tx.exec(select_documents_then, tx.tenant(), array_of(ids), commit), document_of);
}

std::unordered_map<Uuid, Uuid> redirects_then(Transaction& tx, std::int64_t commit,
                                              std::span<const Uuid> customers) {
    std::unordered_map<Uuid, Uuid> redirects;
    for (const auto& fields : tx.exec(select_redirects_then, tx.tenant(), array_of(customers), commit)) {
        redirects.emplace(Row(fields).uuid(0), Row(fields).uuid(1));
    }
    return redirects;
}

}  // namespace tributary::postgres
