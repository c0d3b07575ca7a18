#include "adapters/postgres/object_read_store.hpp"

#include <utility>

#include "adapters/postgres/object_reads.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

namespace {

class ObjectReads final : public ObjectReadStore {
  public:
    explicit ObjectReads(Pool& pool) : pool_(pool) {}

    Task<Result<ObjectClaim>> claim_object(Uuid tenant, ObjectKey key, domain::Timestamp not_before,
                                           std::chrono::seconds claim_lasts) override {
        return pool_.run({tenant}, [key = std::move(key), not_before, claim_lasts](Transaction& tx) {
            return postgres::claim_object(tx, key, not_before, claim_lasts);
        });
    }

    Task<Result<ObjectLook>> look_at_object(Uuid tenant, ObjectKey key) override {
        return pool_.run(
            {tenant}, [key = std::move(key)](Transaction& tx) { return postgres::look_at_object(tx, key); });
    }

    Task<Result<void>> give_up_object(Uuid tenant, ObjectRead read) override {
        return pool_.run({tenant},
                         [read = std::move(read)](Transaction& tx) { postgres::give_up_object(tx, read); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<ObjectReadStore> make_object_read_store(Pool& pool) {
    return std::make_unique<ObjectReads>(pool);
}

}  // namespace tributary::postgres
