// What pages of the simulated store do about removals that wait for an operator.
#include <algorithm>

#include "domain/try.hpp"
#include "tests/simulation/page_tables.hpp"

namespace tributary::simulation {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

Result<RemovalDecisions> PageTables::removal_decisions(const StreamRef& stream) {
    RemovalDecisions decisions;
    for (const auto& [key, proposal] : db_.proposals.rows()) {
        if (key.first == stream && proposal.state == ProposalState::approved) {
            decisions.approved.insert(decisions.approved.end(), proposal.keys.begin(), proposal.keys.end());
        }
        decisions.waiting =
            decisions.waiting || (key.first == stream && proposal.state == ProposalState::pending);
    }
    return decisions;
}

Result<domain::Uuid> PageTables::propose_removal(const Uuid& run_id, const RemovalProposal& proposal) {
    const std::set<std::string> keys(proposal.keys.begin(), proposal.keys.end());
    for (const auto& [key, known] : db_.proposals.rows()) {
        if (key.first == proposal.stream && known.state == ProposalState::pending && known.keys == keys) {
            return key.second;
        }
    }
    TRIBUTARY_TRY(withdraw_proposal(proposal.stream));
    db_.proposals.change({proposal.stream, run_id}) = {keys, ProposalState::pending};
    return run_id;
}

Result<void> PageTables::withdraw_proposal(const StreamRef& stream) {
    std::vector<std::pair<StreamRef, Uuid>> pending;
    for (const auto& [key, proposal] : db_.proposals.rows()) {
        if (key.first == stream && proposal.state == ProposalState::pending) {
            pending.push_back(key);
        }
    }
    for (const auto& key : pending) {
        db_.proposals.erase(key);
    }
    return {};
}

Result<void> PageTables::settle_removals(const StreamRef& stream, std::span<const std::string> keys) {
    std::vector<std::pair<StreamRef, Uuid>> decided;
    for (const auto& [key, proposal] : db_.proposals.rows()) {
        if (key.first == stream && proposal.state == ProposalState::approved) {
            decided.push_back(key);
        }
    }
    for (const auto& key : decided) {
        std::set<std::string>& kept = db_.proposals.change(key).keys;
        for (const std::string& settled : keys) {
            kept.erase(settled);
        }
    }
    return {};
}

}  // namespace tributary::simulation
