#include <doctest/doctest.h>

#include <set>

#include "domain/json/write.hpp"
#include "people.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::EntityKind;

namespace {

const Person john{"u1", "John", "Doe", "john@example.com", "2000-01-01"};
const Person other_john{"u2", "JOHN", "doe", "John@Example.com", "2000-01-01"};

std::string text(const json::Value& document, std::string_view key) {
    const json::Value* value = document.find(key);
    return value == nullptr                ? "(absent)"
           : value->if_string() != nullptr ? *value->if_string()
                                           : json::write(*value);
}

std::size_t size(const json::Value& document, std::string_view key) {
    const json::Value* value = document.find(key);
    return value == nullptr || value->if_array() == nullptr ? 0 : value->if_array()->size();
}

}  // namespace

TEST_CASE("a page brings a customer, an account and what joins them") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    const auto counts = view.commit("c1", "accounts", {account("a1", {"u1"})});
    REQUIRE(counts);
    CHECK(counts->created == 1);
    const json::Value customer = view.document(view.customer("u1"));
    CHECK(text(customer, "first_name") == "John");
    CHECK(size(customer, "profiles") == 1);
    REQUIRE(size(customer, "access") == 1);
    const json::Value& access = customer.find("access")->if_array()->front();
    CHECK(text(access, "id") == to_text(view.id(EntityKind::account, "a1")));
    CHECK(text(access, "level") == "owner");
    const json::Value owner =
        view.document(view.id(EntityKind::account, "a1")).find("access")->if_array()->front();
    CHECK(text(owner, "customer_id") == to_text(view.customer("u1")));
}

TEST_CASE("documents are as fresh as the streams that their access came from") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    const std::string users = to_text(view.scope("c1", "users").stream.connection_id) + " users";
    const auto sources = [&](const domain::Uuid& id) {
        return view.value("SELECT sources FROM documents WHERE tenant_id = $T AND document_id = '" +
                          to_text(id) + "'");
    };
    CHECK(sources(view.customer("u1")) == users);
    REQUIRE(view.commit("c1", "accounts", {account("a1", {"u1"})}));
    const std::string accounts = to_text(view.scope("c1", "accounts").stream.connection_id) + " accounts";
    CHECK(sources(view.customer("u1")) == accounts + "\n" + users);
    CHECK(sources(view.id(EntityKind::account, "a1")) == accounts);

    const std::string head = view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T");
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    REQUIRE(view.commit("c1", "accounts", {account("a1", {"u1"})}));
    CHECK(view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == head);

    REQUIRE(view.remove("c1", "accounts", {"a1"}));
    CHECK(sources(view.customer("u1")) == users);
}

TEST_CASE("an account is as fresh as another stream that grants access to it") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "accounts", {account("a1", {})}));
    domain::Observation granting = profile(john);
    granting.access = account("a1", {"u1"}).access;
    REQUIRE(view.commit("c1", "users", {granting}));
    const std::string sources =
        view.value("SELECT sources FROM documents WHERE tenant_id = $T AND document_id = '" +
                   to_text(view.id(EntityKind::account, "a1")) + "'");
    CHECK(sources.find(" accounts\n") != std::string::npos);
    CHECK(sources.ends_with(" users"));
}

TEST_CASE("a page that says nothing new changes nothing") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    const std::string head = view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T");
    const auto again = view.commit("c1", "users", {profile(john)});
    REQUIRE(again);
    CHECK(again->unchanged == 1);
    CHECK(again->documents.documents_changed == 0);
    CHECK(view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == head);
}

TEST_CASE("one person at two connections is one customer with two profiles, and the later id leads to it") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    REQUIRE(view.commit("c2", "users", {profile(other_john)}));
    const json::Value customer = view.document(view.customer("u1"));
    CHECK(size(customer, "profiles") == 2);
    CHECK(view.document(view.customer("u2")).is_null());
    CHECK(view.value("SELECT redirect_to FROM customers WHERE tenant_id = $T AND customer_id = '" +
                     to_text(view.customer("u2")) + "'") == to_text(view.customer("u1")));
}

TEST_CASE(
    "when a profile stops matching its customer both stand alone again and accounts name the right one") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    REQUIRE(view.commit("c2", "users", {profile(other_john)}));
    REQUIRE(view.commit("c2", "accounts", {account("a2", {"u2"})}));
    Person corrected = other_john;
    corrected.birth_date = "1950-05-05";
    REQUIRE(view.commit("c2", "users", {profile(corrected)}));
    CHECK(size(view.document(view.customer("u1")), "profiles") == 1);
    CHECK(size(view.document(view.customer("u2")), "profiles") == 1);
    CHECK(size(view.document(view.customer("u1")), "access") == 0);
    const json::Value owner =
        view.document(view.id(EntityKind::account, "a2")).find("access")->if_array()->front();
    CHECK(text(owner, "customer_id") == to_text(view.customer("u2")));
}

TEST_CASE("a group learns its customers when their profiles come later") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "account_groups", {account_group("g1", {"u1", "u2"})}));
    const auto first_user = [&] {
        return view.document(view.id(EntityKind::account_group, "g1")).find("users")->if_array()->front();
    };
    CHECK(first_user().find("customer_id") == nullptr);
    REQUIRE(view.commit("c1", "users", {profile(john), profile(other_john)}));
    CHECK(first_user().find("customer_id") != nullptr);
    CHECK(size(view.document(view.customer("u1")).is_null() ? view.document(view.customer("u2"))
                                                            : view.document(view.customer("u1")),
               "access") == 2);
}

TEST_CASE("a group lists its accounts, also when one moves away") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "account_groups", {account_group("g1", {}), account_group("g2", {})}));
    REQUIRE(view.commit("c1", "accounts", {account("a1", {}, "g1"), account("a2", {}, "g1")}));
    CHECK(size(view.document(view.id(EntityKind::account_group, "g1")), "account_ids") == 2);
    REQUIRE(view.commit("c1", "accounts", {account("a2", {}, "g2")}));
    CHECK(size(view.document(view.id(EntityKind::account_group, "g1")), "account_ids") == 1);
    CHECK(size(view.document(view.id(EntityKind::account_group, "g2")), "account_ids") == 1);
}

TEST_CASE("a group that an account leaves forgets it, also where the page brings an account nobody knew") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "account_groups", {account_group("g1", {}), account_group("g2", {})}));
    REQUIRE(view.commit("c1", "accounts", {account("a1", {}, "g1"), account("a2", {}, "g1")}));
    REQUIRE(view.commit("c1", "accounts", {account("a2", {}, "g2"), account("a3", {}, "g2")}));
    CHECK(size(view.document(view.id(EntityKind::account_group, "g1")), "account_ids") == 1);
    CHECK(size(view.document(view.id(EntityKind::account_group, "g2")), "account_ids") == 2);
}

TEST_CASE("an object that is gone is marked deleted, keeps its id, and comes back as itself") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    REQUIRE(view.commit("c1", "accounts", {account("a1", {"u1"})}));
    const auto removed = view.remove("c1", "accounts", {"a1"});
    REQUIRE(removed);
    CHECK(removed->removed == 1);
    const domain::Uuid id = view.id(EntityKind::account, "a1");
    CHECK(view.document(id).find("deleted_at") != nullptr);
    CHECK(size(view.document(view.customer("u1")), "access") == 0);
    REQUIRE(view.commit("c1", "accounts", {account("a1", {"u1"})}));
    CHECK(view.document(id).find("deleted_at") == nullptr);
    CHECK(text(view.document(id), "version") == "3");
    CHECK(size(view.document(view.customer("u1")), "access") == 1);
}

TEST_CASE("a profile that is gone is named by no customer where it had access, until it comes back") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    REQUIRE(view.commit("c2", "users", {profile(other_john)}));
    REQUIRE(view.commit("c2", "account_groups", {account_group("g2", {"u2"})}));
    REQUIRE(view.commit("c2", "accounts", {account("a2", {"u2"})}));
    const auto owner = [&] {
        return view.document(view.id(EntityKind::account, "a2")).find("access")->if_array()->front();
    };
    const auto user = [&] {
        return view.document(view.id(EntityKind::account_group, "g2")).find("users")->if_array()->front();
    };
    const std::string customer = to_text(view.customer("u1"));
    CHECK(text(owner(), "customer_id") == customer);
    REQUIRE(view.remove("c2", "users", {"u2"}));
    const std::string gone = to_text(view.id(EntityKind::profile, "u2"));
    for (const json::Value& entry : {owner(), user()}) {
        CHECK(text(entry, "customer_id") == "(absent)");
        CHECK(text(entry, "profile_id") == gone);
    }
    // An account that changes meanwhile does not bring the name back.
    REQUIRE(view.commit("c2", "accounts", {account("a2", {"u2"}, "g2")}));
    CHECK(text(owner(), "customer_id") == "(absent)");
    CHECK(size(view.document(view.customer("u1")), "access") == 0);
    const auto overview = good(view.store.reads().overview({view.tenant}, view.customer("u1")));
    CHECK(overview.accounts.empty());
    CHECK(overview.account_groups.empty());
    REQUIRE(view.commit("c2", "users", {profile(other_john)}));
    CHECK(text(owner(), "customer_id") == customer);
    CHECK(text(user(), "customer_id") == customer);
    CHECK(good(view.store.reads().overview({view.tenant}, view.customer("u1"))).accounts.size() == 1);
}

TEST_CASE(
    "a walk through what a customer has shows the access of its first page, whatever is granted since") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    std::vector<domain::Observation> granted;
    std::vector<domain::Observation> others;
    for (int i = 0; i < 6; ++i) {
        granted.push_back(account("mine" + std::to_string(i), {"u1"}));
        others.push_back(account("other" + std::to_string(i), {}));
    }
    REQUIRE(view.commit("c1", "accounts", granted));
    REQUIRE(view.commit("c1", "accounts", others));
    domain::ports::ListQuery query = list_of(EntityKind::account, 2);
    query.customer = view.customer("u1");
    auto shown = good(view.store.reads().list({view.tenant}, query));
    const domain::ports::ReadAt then{view.tenant, shown.moment};

    // Every account changes sides under the walk, and then the customer itself goes.
    std::set<domain::Uuid> expected;
    for (int i = 0; i < 6; ++i) {
        expected.insert(view.id(EntityKind::account, "mine" + std::to_string(i)));
        granted[static_cast<std::size_t>(i)] = account("mine" + std::to_string(i), {});
        others[static_cast<std::size_t>(i)] = account("other" + std::to_string(i), {"u1"});
    }
    REQUIRE(view.commit("c1", "accounts", granted));
    REQUIRE(view.commit("c1", "accounts", others));
    std::set<domain::Uuid> seen;
    for (int page = 0; page < 10; ++page) {
        for (const auto& document : shown.documents) {
            CHECK(seen.insert(document.id).second);
        }
        if (!shown.more) {
            break;
        }
        query.after = shown.last;
        shown = good(view.store.reads().list(then, query));
        if (page == 0) {
            REQUIRE(view.remove("c1", "users", {"u1"}));
        }
    }
    CHECK(seen == expected);

    query.after.reset();
    query.limit = 50;
    CHECK(good(view.store.reads().list({view.tenant}, query)).documents.empty());
    CHECK(good(view.store.reads().list({view.tenant, shown.moment.number + 2}, query)).documents.size() == 6);
    CHECK(good(view.store.reads().list({view.tenant, 0}, query)).documents.empty());
}

TEST_CASE("what two connections see stays until both have lost it") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "accounts", {account("a1", {"u1"})}));
    REQUIRE(view.commit("c2", "accounts", {account("a1", {"u2"})}));
    const domain::Uuid id = view.id(EntityKind::account, "a1");
    CHECK(size(view.document(id), "access") == 2);
    REQUIRE(view.remove("c1", "accounts", {"a1"}));
    CHECK(view.document(id).find("deleted_at") == nullptr);
    CHECK(size(view.document(id), "access") == 1);
    REQUIRE(view.remove("c2", "accounts", {"a1"}));
    CHECK(view.document(id).find("deleted_at") != nullptr);
}

TEST_CASE("a record older by the provider's clock than what is stored changes nothing") {
    ViewFixture view;
    auto newer = profile(john);
    newer.source_updated_at = domain::parse_timestamp("2026-01-02T00:00:00Z");
    REQUIRE(view.commit("c1", "users", {newer}));
    Person before = john;
    before.first = "Jonathan";
    auto older = profile(before);
    older.source_updated_at = domain::parse_timestamp("2026-01-01T00:00:00Z");
    const auto counts = view.commit("c1", "users", {older});
    REQUIRE(counts);
    CHECK(counts->stale == 1);
    CHECK(text(view.document(view.customer("u1")), "first_name") == "John");
}

TEST_CASE("a change tells which fields differ, with both values") {
    ViewFixture view;
    REQUIRE(view.commit("c1", "users", {profile(john)}));
    Person renamed = john;
    renamed.last = "Smith";
    REQUIRE(view.commit("c1", "users", {profile(renamed)}));
    CHECK(
        view.value(
            "SELECT diff FROM changes WHERE tenant_id = $T ORDER BY commit_no DESC, ordinal DESC LIMIT 1") ==
        R"([{"path":"/last_name","before":"Doe","after":"Smith"}])");
    CHECK(view.count("history WHERE tenant_id = $T") == "1");
}
