#include "adapters/postgres/read_store.hpp"

#include "adapters/postgres/gathered_loads.hpp"
#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/raw_reads.hpp"
#include "adapters/postgres/reads.hpp"
#include "adapters/postgres/shared_freshness.hpp"

namespace tributary::postgres {

namespace {

using namespace domain::ports;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;

class Reads final : public ReadStore {
    /// All that a job reads is of one moment: what is found by its key.
    template <class Job>
    auto by_key(const ReadAt& at, Job job) {
        return pool_.run({.tenant = at.tenant, .snapshot = true, .keyed = !at.moment},
                         [at, job = std::move(job)](Transaction& tx) { return job(tx, at); });
    }

    /// The same of anything.
    template <class Job>
    auto in_snapshot(const ReadAt& at, Job job) {
        return pool_.run({.tenant = at.tenant, .snapshot = true},
                         [at, job = std::move(job)](Transaction& tx) { return job(tx, at); });
    }

  public:
    explicit Reads(Pool& pool) : pool_(pool), loads_(pool), freshness_(pool) {}

    Task<Result<DocumentRead>> document(ReadAt at, DocumentQuery query) override {
        return by_key(at, [query = std::move(query)](Transaction& tx, const ReadAt& wanted) {
            return read_document(tx, wanted, query);
        });
    }

    Task<Result<DocumentLoad>> load(Uuid tenant, EntityKind kind, Uuid id) override {
        return loads_.load(tenant, kind, id);
    }

    Task<Result<BatchRead>> batch(ReadAt at, EntityKind kind, std::vector<Uuid> ids) override {
        return by_key(at, [kind, ids = std::move(ids)](Transaction& tx, const ReadAt& wanted) {
            return read_batch(tx, wanted, kind, ids);
        });
    }

    Task<Result<DocumentPage>> list(ReadAt at, ListQuery query) override {
        if (!at.moment && !at.not_before && is_first_page(query)) {
            auto page = co_await pool_.run({.tenant = at.tenant, .keyed = true, .alone = true},
                                           [&query](Transaction& tx) { return first_page(tx, query); });
            if (!page) co_return std::unexpected(std::move(page).error());
            if (*page) co_return std::move(**page);
        }
        co_return co_await in_snapshot(at, [query = std::move(query)](Transaction& tx, const ReadAt& wanted) {
            return list_documents(tx, wanted, query);
        });
    }

    Task<Result<Commit>> moment(ReadAt at) override { return by_key(at, moment_of); }

    Task<Result<std::optional<Uuid>>> customer_named(ReadAt at, Uuid id) override {
        return in_snapshot(at, [id](Transaction& tx, const ReadAt& wanted) {
            return postgres::customer_named(tx, wanted, id);
        });
    }

    Task<Result<std::vector<Uuid>>> targets_named(ReadAt at, TargetName target) override {
        return in_snapshot(at, [target = std::move(target)](Transaction& tx, const ReadAt& wanted) {
            return postgres::targets_named(tx, wanted, target);
        });
    }

    Task<Result<RawRead>> raw(ReadAt at, EntityKind kind, Uuid id) override {
        return in_snapshot(
            at, [kind, id](Transaction& tx, const ReadAt& wanted) { return read_raw(tx, wanted, kind, id); });
    }

    Task<Result<OverviewRead>> overview(ReadAt at, Uuid customer) override {
        return by_key(at, [customer](Transaction& tx, const ReadAt& wanted) {
            return read_overview(tx, wanted, customer);
        });
    }

    Task<Result<std::vector<Freshness>>> freshness(Uuid tenant) override { return freshness_.read(tenant); }

    Task<Result<std::vector<Freshness>>> freshness_of(Uuid tenant, Uuid document) override {
        return pool_.run({.tenant = tenant, .keyed = true, .alone = true},
                         [document](Transaction& tx) { return read_freshness(tx, document); });
    }

  private:
    Pool& pool_;
    GatheredLoads loads_;
    SharedFreshness freshness_;
};

}  // namespace

std::unique_ptr<ReadStore> make_read_store(Pool& pool) {
    return std::make_unique<Reads>(pool);
}

}  // namespace tributary::postgres
