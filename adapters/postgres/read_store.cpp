#include "adapters/postgres/read_store.hpp"

#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/raw_reads.hpp"
#include "adapters/postgres/reads.hpp"

namespace tributary::postgres {

namespace {

using namespace domain::ports;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;

class Reads final : public ReadStore {
  public:
    explicit Reads(Pool& pool) : pool_(pool) {}

    Task<Result<DocumentRead>> document(Uuid tenant, DocumentQuery query) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [query = std::move(query)](Transaction& tx) { return read_document(tx, query); });
    }

    Task<Result<BatchRead>> batch(Uuid tenant, EntityKind kind, std::vector<Uuid> ids) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [kind, ids = std::move(ids)](Transaction& tx) { return read_batch(tx, kind, ids); });
    }

    Task<Result<DocumentPage>> list(Uuid tenant, ListQuery query) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [query = std::move(query)](Transaction& tx) { return list_documents(tx, query); });
    }

    Task<Result<Commit>> moment(Uuid tenant) override {
        return pool_.run({tenant}, [](Transaction& tx) { return moment_of(tx, std::nullopt); });
    }

    Task<Result<std::optional<Uuid>>> customer_named(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [id](Transaction& tx) { return postgres::customer_named(tx, id); });
    }

    Task<Result<std::vector<Uuid>>> targets_named(Uuid tenant, TargetName target) override {
        return pool_.run({tenant}, [target = std::move(target)](Transaction& tx) {
            return postgres::targets_named(tx, target);
        });
    }

    Task<Result<RawRead>> raw(Uuid tenant, EntityKind kind, Uuid id) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [kind, id](Transaction& tx) { return read_raw(tx, kind, id); });
    }

    Task<Result<OverviewRead>> overview(Uuid tenant, Uuid customer) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [customer](Transaction& tx) { return read_overview(tx, customer); });
    }

    Task<Result<std::vector<Freshness>>> freshness(Uuid tenant) override {
        return pool_.run({tenant}, [](Transaction& tx) { return read_freshness(tx, std::nullopt); });
    }

    Task<Result<std::vector<Freshness>>> freshness_of(Uuid tenant, Uuid document) override {
        return pool_.run({tenant}, [document](Transaction& tx) { return read_freshness(tx, document); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<ReadStore> make_read_store(Pool& pool) {
    return std::make_unique<Reads>(pool);
}

}  // namespace tributary::postgres
