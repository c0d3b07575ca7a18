// What is stored behind one customer: its profiles, the records that they are composed of, and the links that
// hold them together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/ports/read_store.hpp"

namespace tributary::domain::ports {

/// A live record of a profile, with the payload that it was made of.
struct ExplainedRecord {
    Contribution said;
    /// What of ours last changed the record: cause and run_id of that commit. Nothing where it was before
    /// this was kept.
    std::optional<std::string> cause;
    std::optional<Uuid> run_id;
    /// JSON text, as it is stored.
    std::string raw;
};

struct ExplainRead {
    /// As of a DocumentRead.
    DocumentRead customer;
    /// Its present profiles, by id.
    std::vector<EntityState> profiles;
    /// Of these profiles.
    std::vector<ExplainedRecord> records;
    /// Of these profiles among each other, whatever is decided about them.
    std::vector<Link> links;
};

class ExplainStore {
  public:
    virtual ~ExplainStore() = default;
    /// All of one moment.
    virtual Task<Result<ExplainRead>> explain(Uuid tenant, Uuid customer) = 0;
};

}  // namespace tributary::domain::ports
