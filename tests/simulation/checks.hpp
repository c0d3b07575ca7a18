// The invariants. judge() looks at every transaction just before it counts; converged() at the end, when
// faults have ceased and there was time to mend.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/simulation/database.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/truth.hpp"
#include "tests/simulation/witness.hpp"

namespace tributary::simulation {

struct Violation {
    /// As in the list of invariants: I1, I2 ...
    std::string invariant;
    std::string what;
};

/// What the checks look at.
struct CheckedWorld {
    const Database& database;
    Truth& truth;
    const Witness& witness;
    const Timeline& timeline;
    const std::map<domain::Uuid, std::size_t>& places;
    /// The name under which a process holds leases.
    std::function<domain::Uuid(ProcessId)> owner_of;
};

class Checks {
  public:
    explicit Checks(CheckedWorld world) : world_(std::move(world)) {}

    void judge(ProcessId process);
    /// Everything fetched and proved complete since this moment, and equal to the truth.
    void converged(Instant since);
    void report(std::string invariant, std::string what);

    [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }

  private:
    void judge_ownership(ProcessId process);
    void judge_progress(ProcessId process);
    void judge_removals(ProcessId process);
    void judge_freshness();
    void judge_records();
    void judge_customers();
    [[nodiscard]] Bank& bank_of(const domain::Uuid& connection) const;
    /// Which person or company a profile is; nothing where it is no profile that we know.
    [[nodiscard]] std::optional<std::pair<std::size_t, bool>> somebody(const domain::Uuid& profile) const;

    CheckedWorld world_;
    std::optional<Violation> violation_;
};

/// The end of a simulation: what is stored against what is true. Returns the first difference.
std::optional<Violation> compare_with_truth(const CheckedWorld& world);

}  // namespace tributary::simulation
