// Documents of a real store, read through the API's own routes, as several readers and writers at once do.
#pragma once

#include <string>
#include <vector>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/system/system_clock.hpp"
#include "domain/json/value.hpp"
#include "services/api/document_routes.hpp"
#include "tests/support/full_check.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// Writes the account of this name in that store: its next version, or its removal. Returns the version.
std::int64_t write_account(postgres::Store& store, const domain::Uuid& tenant, const std::string& name,
                           bool removed = false);

struct NothingRefreshed final : refresh::Refreshing {
    domain::ports::Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
};

struct Reading : StoreFixture {
    /// `threads`: of the store; as many may read and write at once.
    explicit Reading(std::size_t threads);

    crypto::SystemRandom entropy;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{7}), entropy};
    NothingRefreshed refresher;
    system::SystemClock clock;
    sync::Providers providers;
    /// Of nothing: every read asks the store.
    cache::Copies copies{0, clock};
    api::DocumentRoutes routes{store.reads(), sealer, providers,
                               api::FreshReads(store.reads(), refresher, clock, providers), copies};

    std::int64_t write(const std::string& name, bool removed = false) {
        return write_account(store, tenant, name, removed);
    }

    /// GET /v1/accounts with this query.
    domain::ports::HttpReply list(const std::string& query);
    /// GET /v1/accounts/{id}, with If-None-Match where `tag` is not empty.
    domain::ports::HttpReply get(const std::string& name, const std::string& tag = {});

  private:
    [[nodiscard]] api::RequestContext context(const std::string& path) const;
};

json::Value tree_of(const domain::ports::HttpReply& reply);

}  // namespace tributary::tests
