// Connections whose runs a benchmark performs: claimed, walked and finished as the service does it, over a
// store of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/crypto/sealer.hpp"
#include "adapters/postgres/store.hpp"
#include "adapters/system/system_clock.hpp"
#include "copy_peer.hpp"
#include "services/sync/run.hpp"
#include "tests/support/store_fixture.hpp"
#include "upvest_pages.hpp"

namespace tributary::bench {

/// What runs are made with. The store is on the database `url`.
class IngestRuns {
  public:
    IngestRuns(const std::string& url, const domain::Uuid& tenant);

    /// Makes a connection of the tenant. It is not due by itself.
    domain::Uuid connect(const std::string& name);
    /// Performs one run of the connection with these answers on the calling thread, and says how long its
    /// walk took. Throws where it is not a complete one that succeeded.
    Seconds run(const domain::Uuid& connection, ListAnswer answer);
    /// One run of each connection, all at once, each on a thread of its own: how long all took.
    Seconds run_at_once(const std::vector<domain::Uuid>& connections, const std::vector<ListAnswer>& answers);

  private:
    domain::Uuid tenant_;
    tests::SeededRandom random_;
    system::SystemClock clock_;
    crypto::AesGcmSealer sealer_;
    postgres::Store store_;
    std::unique_ptr<domain::ports::HttpTransport> transport_;
};

}  // namespace tributary::bench
