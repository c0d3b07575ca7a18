#include <iterator>
#include <mutex>
#include <random>

#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

std::vector<Step> scenario() {
    std::vector<Step> all;
    for (const auto part :
         {action_steps, admin_steps, budget_and_token_steps, connection_steps, identity_steps, news_steps,
          object_read_steps, page_steps, past_steps, proposal_steps, read_steps, replay_steps,
          retention_steps, review_steps, run_steps, webhook_steps}) {
        std::ranges::move(part(), std::back_inserter(all));
    }
    return all;
}

domain::ports::Random& random_source() {
    static tests::SeededRandom random;
    return random;
}

}  // namespace tributary::mutants
