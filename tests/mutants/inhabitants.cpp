#include "tests/mutants/inhabitants.hpp"

#include "domain/json/parse.hpp"
#include "tests/mutants/world.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using tests::anchor;
using tests::document;
using tests::good;
using tests::id_of;
using tests::record;

namespace {

constexpr EntityKind profile = EntityKind::profile;
constexpr EntityKind account = EntityKind::account;

const StreamRef accounts{shared, "accounts"};
const StreamRef users{shared, "users"};

AccessWrite access(std::string_view of, std::string_view to) {
    return {id_of(of), account, id_of(to), R"({"level":"owner"})"};
}

std::string customer_with(std::initializer_list<std::string_view> targets) {
    std::string entries;
    for (const std::string_view target : targets) {
        entries +=
            (entries.empty() ? "" : ",") + (R"({"kind":"account","id":")" + to_text(id_of(target)) + "\"}");
    }
    return R"({"access":[)" + entries + "]}";
}

void connect(postgres::Store& store, const Uuid& id, const std::string& name) {
    NewConnection connection;
    connection.id = id;
    connection.name = name;
    connection.provider = "upvest";
    connection.base_url = "https://example.org";
    connection.period = std::chrono::seconds(300);
    connection.settings = "{}";
    connection.sealed_credentials = "sealed:" + name;
    good(store.connections().create_connection(ours, connection));
}

/// Records, whom they found, who has what, and who is whom.
void describe_people(PageTransaction& page) {
    const std::vector<EntityAnchor> all{anchor(profile, "p1"), anchor(profile, "p3"),
                                        anchor(profile, "p5"), anchor(account, "x1"),
                                        anchor(account, "x3"), anchor(account, "x4"),
                                        anchor(account, "x5"), anchor(EntityKind::account_group, "g1")};
    good(page.lock_entities(all));
    const IdentifierKey email{IdentifierKind::email, "hash of an e-mail"};
    good(page.lock_identifiers(std::array{email}));
    good(page.lock_customers(std::array{id_of("c1"), id_of("c2")}));
    RecordWrite first = record("k1", "x1", R"({"n":1})");
    first.access = {access("p1", "x1"), access("p3", "x3"), access("p5", "x5"), access("p1", "x4")};
    good(page.write_records(
        accounts, std::array{first, record("k2", "x3", R"({"n":2})"), record("k3", "x4", R"({"n":3})")}));
    good(page.write_records(users, std::array{record("u1", "p1", R"({"n":4})")}));
    std::vector<EntityWrite> described;
    for (const EntityAnchor& entity : all) {
        described.push_back({entity.id, R"({"described":1})",
                             entity.kind == account ? std::optional(id_of("g1")) : std::nullopt});
    }
    good(page.write_entities(described));
    good(page.add_identifiers(std::array{IdentifierMember{email, id_of("p1")}}));
    const auto [low, high] = std::minmax({id_of("p1"), id_of("p3")});
    good(page.write_links(std::array{Link{low, high, LinkState::linked, "contact_and_name", "[]", false}}));
    good(page.write_memberships(std::array{Membership{id_of("p1"), id_of("c1")},
                                           Membership{id_of("p3"), id_of("c1")},
                                           Membership{id_of("p5"), id_of("c1")}}));
}

/// The first commit has every document; the second changes a customer and an account, and removes one.
void commit_first(PageTransaction& page, const CommitCause& cause) {
    std::vector<DocumentWrite> all{document(EntityKind::customer, "c1", customer_with({"x1"})),
                                   document(account, "x1", R"({"name":"one"})"),
                                   document(account, "x3", R"({"name":"three"})"),
                                   document(account, "x4", R"({"name":"four"})"),
                                   document(account, "x5", R"({"name":"five"})"),
                                   document(account, "gone", R"({"name":"gone"})")};
    for (DocumentWrite& each : all) {
        each.sources = {accounts};
    }
    good(page.write_redirects(std::array{CustomerState{id_of("c2"), {}, id_of("c1")}}));
    good(page.commit_documents(cause, all));
}

void commit_second(PageTransaction& page, const CommitCause& cause) {
    auto before = good(page.documents(std::array{id_of("c1"), id_of("x1"), id_of("gone")}));
    std::vector<DocumentWrite> changed;
    for (DocumentState& state : before) {
        DocumentWrite write;
        write.id = state.id;
        write.kind = state.kind;
        write.content = state.id == id_of("c1") ? customer_with({"x1", "x3"}) : R"({"name":"changed"})";
        write.removed = state.id == id_of("gone");
        write.diff = "[]";
        write.before = std::move(state);
        changed.push_back(std::move(write));
    }
    good(page.commit_documents(cause, changed));
}

/// A run from its claim to its end, with one of everything that runs write.
Uuid run_once(postgres::Store& store) {
    auto claimed =
        good(store.connections().claim_connection(id_of("owner"), shared, std::chrono::seconds(60)));
    const ClaimedRun& run = claimed.at(0);
    const CommitCause cause{"run", run.run_id, tests::lease_of(run)};
    const auto commit = [&](std::function<void(PageTransaction&)> job) {
        good(store.pages().transact(ours, [job = std::move(job)](PageTransaction& page) -> Result<void> {
            job(page);
            return {};
        }));
    };
    commit([&](PageTransaction& page) {
        describe_people(page);
        commit_first(page, cause);
    });
    commit([&](PageTransaction& page) {
        good(page.write_records(users, std::array{record("u1", "p1", R"({"n":5})")}));
        domain::Quarantined object{json::parse(R"({"no":"key"})")->root, "no id"};
        good(page.quarantine(accounts, 0, std::array{std::move(object)}));
        good(page.propose_removal(run.run_id, {accounts, 10, {"k1", "k2"}}));
        good(page.save_progress(run.run_id, "{}", "resume"));
        commit_second(page, cause);
    });
    RunOutcome outcome = tests::succeeded();
    outcome.report = R"({"pages":1})";
    outcome.streams = {{"accounts", domain::Timestamp{}, domain::Timestamp{}, "complete", "", "{}"}};
    outcome.drift = {{"accounts", {domain::DriftKind::new_field, "field", "string"}, 1}};
    good(store.connections().finish_run(ours, tests::lease_of(run), run.run_id, outcome));
    return run.run_id;
}

void use_credentials(postgres::Store& store) {
    const BudgetKey bucket{ours, "upvest", "credential"};
    good(store.budgets().open_budget(bucket, shared, {10, 5}));
    const TokenKey tokens{ours, shared, "sealed:shared"};
    const TokenLook look = good(store.tokens().look(tokens, std::nullopt, std::chrono::seconds(60)));
    good(store.tokens().keep(tokens, look.claim, "sealed tokens", std::chrono::hours(1)));
}

InboxEvent event(std::string id, std::string state) {
    InboxEvent made;
    made.id = std::move(id);
    made.content_hash = std::string(64, 'a');
    made.type = "account.changed";
    made.stream = "accounts";
    made.object_id = "k1";
    made.state = std::move(state);
    made.reason = "told";
    made.payload = "{}";
    return made;
}

void ask_for_change(postgres::Store& store) {
    NewAction asked;
    asked.id = id_of("act");
    asked.key_hash = "hash of a key";
    asked.fingerprint = "hash of a request";
    asked.kind = ActionKind::put_preferences;
    asked.connection = shared;
    asked.subject_kind = account;
    asked.subject = id_of("x1");
    asked.provider_subject = "k1";
    asked.sealed_arguments = "sealed arguments";
    asked.requested_by = "somebody";
    good(store.actions().begin_action(ours, asked, std::chrono::hours(24)));
}

void make_key(postgres::Store& store, const Uuid& tenant, char digit) {
    ApiKey made;
    made.id = key;
    made.tenant = tenant;
    made.prefix = tenant == ours ? "ours" : foreign_mark;
    made.scopes = {"read"};
    good(store.admin().create_key(made, std::string(64, digit)));
}

/// A run's id is made of the time; steps want to name it.
void rename_run(const tests::Database& database, const Uuid& made, const Uuid& name) {
    for (const auto& column :
         database.rows("SELECT table_name, column_name FROM information_schema.columns WHERE "
                       "table_schema = 'public' AND column_name IN ('run_id', 'last_run_id')")) {
        database.run("SET session_replication_role = 'replica'; UPDATE " + column[0] + " SET " + column[1] +
                     " = '" + to_text(name) + "' WHERE " + column[1] + " = '" + to_text(made) + "'");
    }
}

}  // namespace

void make_inhabitants(const tests::Database& database) {
    tests::SeededRandom random;
    postgres::PoolOptions options;
    options.url = database.url();
    options.threads = 1;
    postgres::Store store(options, random);
    good(store.admin().create_tenant(theirs, "theirs"));
    good(store.admin().create_tenant(ours, "ours"));
    make_key(store, theirs, 'b');
    make_key(store, ours, 'a');
    connect(store, shared, "shared");
    connect(store, lent, "lent");
    const Uuid first = run_once(store);
    use_credentials(store);
    good(store.webhooks().receive_events(
        ours, shared, {event("waits", "waiting"), event("poison", "poison"), event("settled", "ignored")}));
    ask_for_change(store);
    const Uuid second = good(store.connections().request_run(ours, shared, "manual")).id;
    database.run(
        "UPDATE runs SET state = 'succeeded', started_at = now(), finished_at = now(), report = 'second' "
        "WHERE state = 'queued'");
    database.run("UPDATE connections SET health = 'active', health_reason = '', next_step = ''");
    rename_run(database, first, first_run);
    rename_run(database, second, second_run);
}

}  // namespace tributary::mutants
