// Removals that are more than a run may make by itself wait for an operator.

#include <doctest/doctest.h>

#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::ConnectionStatus;
using domain::Uuid;
using domain::ports::ProposalView;

namespace {

struct ProposalFixture : RunFixture {
    ProposalFixture() {
        show(1, 20);
        script.refuses_read = [](const std::string&) { return std::optional(domain::Errc::gone); };
        REQUIRE(run());
        CHECK(live() == "20");
    }

    static std::string key(int number) { return "k" + std::to_string(100 + number); }

    void show(int first, int last) {
        for (int i = first; i <= last; ++i) {
            script.listed.insert(key(i));
        }
    }

    void hide(int first, int last) {
        for (int i = first; i <= last; ++i) {
            script.listed.erase(key(i));
        }
    }

    /// Runs, and tells the id of the run.
    Uuid run_id() {
        outcome = run().value().outcome;
        return good(store.connections().connection(tenant, connection.id)).last_run_id.value();
    }

    ProposalView decide(const Uuid& run, bool approve) {
        return good(store.connections().decide_proposal(tenant, {run, approve, "a test"}));
    }

    std::string refusal(const Uuid& run, bool approve) {
        return error_of(store.connections().decide_proposal(tenant, {run, approve, "a test"}));
    }

    domain::ports::ConnectionView now() {
        return good(store.connections().connection(tenant, connection.id));
    }

    [[nodiscard]] bool is_live(int number) const {
        return value(
                   "SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NULL AND "
                   "provider_id = '" +
                   key(number) + "'") == "1";
    }

    domain::ports::RunOutcome outcome;
};

}  // namespace

TEST_CASE_FIXTURE(ProposalFixture, "a run that would remove too much removes nothing and proposes it") {
    hide(1, 10);
    const Uuid held = run_id();
    CHECK(outcome.state == "held");
    CHECK(live() == "20");
    CHECK(script.reads.empty());
    CHECK(now().status == ConnectionStatus::held);
    CHECK(now().next_step.contains("proposal show " + to_text(held)));
    CHECK(now().next_due_at);

    const ProposalView proposal = good(store.connections().proposal(tenant, held));
    CHECK(proposal.connection_id == connection.id);
    REQUIRE(proposal.streams.size() == 1);
    CHECK(proposal.streams[0].stream == "accounts");
    CHECK(proposal.streams[0].state == "pending");
    CHECK(proposal.streams[0].live == 20);
    CHECK(proposal.streams[0].candidates == 10);
    REQUIRE(proposal.streams[0].keys.size() == 10);
    CHECK(proposal.streams[0].keys[0].provider_id == key(1));
    CHECK(proposal.streams[0].keys[0].entity_id);

    StoreFixture other;
    CHECK(error_of(other.store.connections().proposal(other.tenant, held)) == "not_found");
    CHECK(error_of(other.store.connections().decide_proposal(other.tenant, {held, true, "x"})) ==
          "not_found");
}

TEST_CASE_FIXTURE(ProposalFixture,
                  "an approved removal is made by the next run, as far as it is still missing") {
    hide(1, 10);
    const Uuid held = run_id();
    const ProposalView approved = decide(held, true);
    CHECK(approved.streams[0].state == "approved");
    CHECK(approved.streams[0].decided_by == "a test");
    CHECK(now().status == ConnectionStatus::active);
    CHECK(live() == "20");
    CHECK(refusal(held, true) == "conflict");
    CHECK(refusal(held, false) == "conflict");

    show(3, 3);
    hide(14, 20);
    const Uuid next = run_id();
    CHECK(good(store.connections().run(tenant, next)).cause == "approved_removals");
    CHECK(live() == "11");
    CHECK(is_live(3));
    CHECK_FALSE(is_live(4));
    CHECK(is_live(14));
    CHECK(outcome.state == "held");
    CHECK(good(store.connections().proposal(tenant, next)).streams[0].candidates == 7);
    CHECK(value("SELECT count(*) FROM proposal_keys WHERE tenant_id = $T") == "7");

    show(14, 20);
    hide(3, 3);
    REQUIRE(run());
    CHECK(script.reads == std::multiset<std::string>{key(3)});  // the old approval is used up
}

TEST_CASE_FIXTURE(ProposalFixture, "rejected objects stay until they were seen again") {
    hide(1, 10);
    decide(run_id(), false);
    CHECK(now().status == ConnectionStatus::active);
    CHECK_FALSE(run_id() == Uuid{});
    CHECK(outcome.state == "succeeded");
    CHECK(outcome.report.contains("\"kept_removals\":10"));
    CHECK(now().status == ConnectionStatus::active);
    CHECK(live() == "20");

    show(1, 9);
    REQUIRE(run());
    CHECK(value("SELECT count(*) FROM proposal_keys WHERE tenant_id = $T") == "1");
    hide(1, 9);
    run_id();
    CHECK(outcome.state == "held");
    CHECK(outcome.report.contains("\"held_removals\":9"));
    CHECK(outcome.report.contains("\"kept_removals\":1"));
    CHECK(live() == "20");
}

TEST_CASE_FIXTURE(ProposalFixture,
                  "a run that finds the same leaves the proposal to decide about, under both its ids") {
    hide(1, 10);
    const Uuid first = run_id();
    const Uuid second = run_id();
    CHECK(outcome.state == "held");
    CHECK(good(store.connections().proposal(tenant, second)).run_id == first);
    CHECK(good(store.connections().proposal(tenant, first)).streams[0].state == "pending");
    decide(second, true);
    run_id();
    CHECK(live() == "10");
}

TEST_CASE_FIXTURE(ProposalFixture, "a newer proposal supersedes an older one") {
    hide(1, 10);
    const Uuid first = run_id();
    hide(11, 11);
    const Uuid second = run_id();
    CHECK(good(store.connections().proposal(tenant, first)).streams[0].state == "superseded");
    CHECK(refusal(first, true) == "conflict");
    CHECK(good(store.connections().proposal(tenant, second)).streams[0].candidates == 11);
    CHECK(value("SELECT count(*) FROM proposal_keys WHERE tenant_id = $T") == "11");
}

TEST_CASE_FIXTURE(ProposalFixture, "a proposal loses its ground when what was missing is back") {
    hide(1, 10);
    const Uuid held = run_id();
    show(1, 10);
    run_id();
    CHECK(outcome.state == "succeeded");
    CHECK(now().status == ConnectionStatus::active);
    CHECK(refusal(held, true) == "conflict");
    CHECK(value("SELECT count(*) FROM proposal_keys WHERE tenant_id = $T") == "0");
}

TEST_CASE_FIXTURE(ProposalFixture, "a connection stays held over a run that could not look at everything") {
    hide(1, 10);
    const Uuid held = run_id();
    bool refused = false;
    script.refuses_page = [&refused](const domain::ports::PageRequest&) {
        return std::exchange(refused, true) ? std::nullopt : std::optional(domain::Errc::contract);
    };
    run_id();
    CHECK(now().status == ConnectionStatus::degraded);
    CHECK(good(store.connections().proposal(tenant, held)).streams[0].state == "pending");
    run_id();
    CHECK(now().status == ConnectionStatus::held);
}

TEST_CASE_FIXTURE(ProposalFixture,
                  "an approval that comes too late for the run under way makes the next one due") {
    hide(1, 10);
    const Uuid held = run_id();
    good(store.connections().request_run(tenant, connection.id, "manual"));
    const auto claimed = claim(connection.id);
    decide(held, true);
    domain::ports::RunOutcome over = succeeded();
    over.next_due_in = std::chrono::hours(9);
    good(store.connections().finish_run(tenant, {connection.id, claimed.fence}, claimed.run_id, over));
    CHECK(claim(connection.id).run_cause == "schedule");
}
