// One migrated database for the whole program; each test has a tenant of its own in it, and a store over it.
#pragma once

#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/store.hpp"
#include "tests/support/database.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::tests {

/// The program's migrated database.
const Database& migrated_database();

class SeededRandom final : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override;

  private:
    std::mutex mutex_;
    std::mt19937 engine_{std::random_device{}()};
};

/// An id that is the same for the same name, for readable tests.
domain::Uuid id_of(std::string_view name);

/// A tenant and a store. The tests' own jobs run through page().
struct StoreFixture {
    explicit StoreFixture(std::size_t threads = 2);

    const Database& database = migrated_database();
    SeededRandom random;
    postgres::Store store;
    domain::Uuid tenant;

    /// Runs a job in a page transaction; each call is one transaction.
    domain::Result<void> page(std::function<domain::Result<void>(domain::ports::PageTransaction&)> job);
    /// As page(), but the job cannot fail: the test does if it did.
    void must(std::function<void(domain::ports::PageTransaction&)> job);
    /// Makes a connection, due at once.
    domain::ports::ConnectionView connect(const std::string& name, const std::string& provider = "upvest");
    /// Claims that connection; the test fails where it cannot be claimed.
    domain::ports::ClaimedRun claim(const domain::Uuid& connection,
                                    std::chrono::seconds lease = std::chrono::seconds(60));
    /// A statement about this tenant: `$T` stands for its id as a literal.
    std::string value(std::string sql) const;

    static postgres::PoolOptions pool_options(std::size_t threads);
};

/// What the owner of a claimed run shows before it commits.
domain::ports::Lease lease_of(const domain::ports::ClaimedRun& claimed);
/// A document without a stamp, e.g. {"name":"a"}.
domain::ports::DocumentWrite document(domain::EntityKind kind, std::string_view name, std::string content,
                                      std::optional<domain::ports::DocumentState> before = std::nullopt);
domain::ports::EntityAnchor anchor(domain::EntityKind kind, std::string_view name);
domain::ports::RecordWrite record(std::string provider_id, std::string_view entity, std::string raw);
/// The first 50 of a kind, at present.
domain::ports::ListQuery list_of(domain::EntityKind kind, std::size_t limit = 50);
domain::ports::RunOutcome succeeded();
/// A commit without a lease, as an operator's.
inline const domain::ports::CommitCause by_operator{"operator", {}, std::nullopt};

/// Unwraps; the test fails where there is an error.
template <class T>
T good(domain::Result<T> result) {
    if (!result) {
        throw std::runtime_error(std::string(name_of(result.error().code)) + ": " + result.error().detail);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// Runs the task and unwraps it.
template <class T>
T good(domain::ports::Task<domain::Result<T>> task) {
    return good(run_task(std::move(task)));
}

/// The error's name, or "none".
template <class T>
std::string error_of(const domain::Result<T>& result) {
    return result ? "none" : std::string(name_of(result.error().code));
}

template <class T>
std::string error_of(domain::ports::Task<domain::Result<T>> task) {
    return error_of(run_task(std::move(task)));
}

}  // namespace tributary::tests
