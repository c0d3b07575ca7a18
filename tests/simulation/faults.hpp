// Everything that may go wrong, how often it does in one simulation, and how often it did.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/simulation/dice.hpp"

namespace tributary::simulation {

enum class Fault : std::size_t {
    kill_before_store,    ///< a process dies while its transaction is on the way
    kill_after_store,     ///< ... after it was decided, before the answer came
    kill_before_fetch,    ///< ... before the provider saw the request
    kill_after_fetch,     ///< ... before the answer came
    kill_asleep,          ///< ... anywhere else
    pause,                ///< SIGSTOP until long after the lease expired
    answer_lost,          ///< committed, and nobody was told
    commit_lost,          ///< not committed, and nobody was told
    conflict,             ///< a serialization failure: the job runs again
    conflict_for_good,    ///< ... more often than it is repeated
    store_unavailable,    ///< the database is away
    duplicated_page,      ///< the page before is answered again
    reordered_page,       ///< items stand in another order
    truncated_page,       ///< the body ends early
    server_error,         ///< 5xx
    timeout,              ///< no answer in time
    throttled,            ///< 429, for everybody and for a while
    permission_denied,    ///< 403
    credentials_refused,  ///< 401
    wrong_total,          ///< a count of the list that is too small or too big
    emptied_list,         ///< 200 and nothing in it, though there is
    keyless_object,       ///< one object of the page came without its key
    keyless_page,         ///< several did, or all of them
    read_failed,          ///< a single read that says neither yes nor no
    wall_clock_jump,      ///< an hour or a day, forward or back; monotonic time goes on
    stale_write_refused,  ///< an owner that was overtaken tried to write
    shifted_offset,       ///< the list changed between two pages of a walk
    object_added,
    object_changed,
    object_removed,
    object_returned,
    count
};

inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::count);

std::string_view name_of(Fault fault);

class FaultCounts {
  public:
    void add(Fault fault) { ++counts_[static_cast<std::size_t>(fault)]; }

    [[nodiscard]] std::uint64_t of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }

    void add(const FaultCounts& other) {
        for (std::size_t i = 0; i < fault_count; ++i) {
            counts_[i] += other.counts_[i];
        }
    }

  private:
    std::array<std::uint64_t, fault_count> counts_{};
};

/// The faults of one simulation. Every seed has its own mixture: where everything fails always, nothing gets
/// far enough to fail in an interesting way.
class FaultPlan {
  public:
    /// Which mixtures: everything, or only lists that change while they are read.
    enum class Mode { everything, shifting_offsets };

    FaultPlan(Dice& dice, Mode mode);

    /// Whether the fault happens now; counts it if so.
    bool strikes(Fault fault);

    void count(Fault fault) { counts_.add(fault); }

    void cease() { ceased_ = true; }

    [[nodiscard]] bool ceased() const { return ceased_; }

    [[nodiscard]] const FaultCounts& counts() const { return counts_; }

  private:
    Dice& dice_;
    std::array<double, fault_count> rates_{};
    FaultCounts counts_;
    bool ceased_ = false;
};

}  // namespace tributary::simulation
