// A bank as the engine sees it: the real port, with answers from the truth and faults from the plan.
#pragma once

#include <functional>
#include <map>

#include "domain/ports/provider.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/truth.hpp"
#include "tests/simulation/witness.hpp"

namespace tributary::simulation {

/// What a provider needs of the world.
struct BankTools {
    Truth& truth;
    Timeline& timeline;
    FaultPlan& faults;
    Dice& dice;
    Witness& witness;
    Trace& trace;
    /// Which of its bank's connections this is; decides what it sees.
    std::map<domain::Uuid, std::size_t>& places;
    /// How many live records the store has of a stream.
    std::function<std::size_t(const domain::Uuid&, const std::string&)> stored;
    /// What the process' wall clock shows.
    std::function<domain::Timestamp(ProcessId)> wall;
    /// Whether the process dies here; the caller's coroutine is then never resumed.
    std::function<bool(ProcessId, Fault)> dies;
};

/// One process' provider for one bank.
class SimulatedProvider final : public domain::ports::Provider {
  public:
    SimulatedProvider(BankTools& tools, std::string name, ProcessId process)
        : tools_(tools), name_(std::move(name)), process_(process) {}

    [[nodiscard]] std::string_view name() const override { return name_; }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object& settings,
                                                   const json::Object& credentials) const override;
    /// An object's raw form names it and its version; what a version said is known while the bank holds it.
    [[nodiscard]] domain::Result<domain::Page> decode(std::string_view stream, const json::Value& raw,
                                                      const domain::SelfIds& self) const override;
    [[nodiscard]] domain::Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext context, domain::ports::ProviderTools tools) const override;

  private:
    BankTools& tools_;
    std::string name_;
    ProcessId process_;
};

/// Which collection a stream shows.
Collection collection_of(const std::string& stream);
/// In the order in which a run walks them.
std::span<const domain::ports::StreamFacts> streams_of(std::string_view bank);
/// The objects that the connection's stream shows now.
std::vector<const Object*> shown(const Bank& bank, const std::string& stream, std::size_t place);

}  // namespace tributary::simulation
