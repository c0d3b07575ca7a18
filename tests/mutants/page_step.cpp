#include "tests/mutants/page_step.hpp"

#include "adapters/postgres/page_transaction.hpp"

namespace tributary::mutants {

Step page_step(std::string name, std::string arranged,
               std::function<std::string(domain::ports::PageTransaction&)> act) {
    return {std::move(name), std::move(arranged), [act = std::move(act)](postgres::Transaction& tx) {
                std::string told;
                postgres::run_page_job(tx, [&](domain::ports::PageTransaction& page) -> domain::Result<void> {
                    told = act(page);
                    return {};
                });
                return told;
            }};
}

}  // namespace tributary::mutants
