#include "adapters/postgres/budget_store.hpp"

#include <utility>

#include "adapters/postgres/budgets.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

namespace {

class Budgets final : public BudgetStore {
  public:
    explicit Budgets(Pool& pool) : pool_(pool) {}

    Task<Result<void>> open_budget(BudgetKey key, Uuid connection, domain::BudgetTerms terms) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec, [key = std::move(key), connection, terms](Transaction& tx) {
            postgres::open_budget(tx, key, connection, terms);
        });
    }

    Task<Result<domain::Drawn>> draw_tokens(BudgetKey key, domain::Lane lane, std::int64_t wanted) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec, [key = std::move(key), lane, wanted](Transaction& tx) {
            return postgres::draw_tokens(tx, key, lane, wanted).drawn;
        });
    }

    Task<Result<void>> block_budget(BudgetBlock block) override {
        const JobSpec spec{.tenant = block.key.tenant};
        return pool_.run(spec,
                         [block = std::move(block)](Transaction& tx) { postgres::block_budget(tx, block); });
    }

    Task<Result<std::vector<BudgetView>>> budgets(Uuid tenant, std::string provider) override {
        return pool_.run({tenant}, [provider = std::move(provider)](Transaction& tx) {
            return read_budgets(tx, provider);
        });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<BudgetStore> make_budget_store(Pool& pool) {
    return std::make_unique<Budgets>(pool);
}

}  // namespace tributary::postgres
