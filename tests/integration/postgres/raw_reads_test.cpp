#include <doctest/doctest.h>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;

namespace {

RecordWrite present(std::string provider_id, std::string_view entity, std::string raw) {
    RecordWrite write = record(std::move(provider_id), entity, std::move(raw));
    write.normalized = "{}";
    return write;
}

/// Entities of these kinds that are present.
void make_present(PageTransaction& page, const std::vector<EntityAnchor>& anchors) {
    good(page.lock_entities(anchors));
    std::vector<EntityWrite> writes;
    for (const EntityAnchor& one : anchors) {
        writes.push_back({one.id, "{}", std::nullopt});
    }
    good(page.write_entities(writes));
}

/// A customer "ada" of two profiles, whose records stand in two streams; and an account.
struct Payloads : StoreFixture {
    StreamRef users{id_of("connection"), "users"};
    StreamRef preferences{id_of("connection"), "preferences"};
    StreamRef accounts{id_of("connection"), "accounts"};

    Payloads() {
        must([this](PageTransaction& page) {
            make_present(page, {anchor(EntityKind::profile, "one"), anchor(EntityKind::profile, "two"),
                                anchor(EntityKind::account, "account")});
            good(page.lock_customers(std::vector{id_of("ada"), id_of("ada-2")}));
            good(page.write_memberships(
                std::vector<Membership>{{id_of("one"), id_of("ada")}, {id_of("two"), id_of("ada")}}));
            RecordWrite one = present("one", "one", R"({"id":"one","amount":0.10})");
            one.source_updated_at = domain::parse_timestamp("2026-01-02T03:04:05Z").value();
            good(page.write_records(users, std::vector{one, present("two", "two", R"({"id":"two"})")}));
            good(page.write_records(preferences, std::vector{present("p", "one", R"({"id":"p"})")}));
            good(page.write_records(accounts, std::vector{present("a", "account", R"({"id":"a"})")}));
            good(page.commit_documents(by_operator,
                                       std::vector{document(EntityKind::customer, "ada", "{}"),
                                                   document(EntityKind::account, "account", "{}")}));
        });
    }

    RawRead raw(EntityKind kind, std::string_view name) {
        return good(store.reads().raw({tenant}, kind, id_of(name)));
    }

    std::vector<std::string> texts(EntityKind kind, std::string_view name) {
        std::vector<std::string> all;
        for (const RawItem& item : raw(kind, name).items) {
            all.push_back(item.raw);
        }
        return all;
    }

    void mark_removed(EntityKind kind, std::string_view name) {
        must([&](PageTransaction& page) {
            DocumentWrite removal =
                document(kind, name, "{}", page.documents(std::vector{id_of(name)})->at(0));
            removal.removed = true;
            good(page.commit_documents(by_operator, std::vector{removal}));
        });
    }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Payloads, "a customer's payloads are those of its profiles, each with where it came from") {
    const RawRead read = raw(EntityKind::customer, "ada");
    CHECK(read.exists);
    REQUIRE(read.items.size() == 3);
    CHECK(read.items[0].source == preferences);
    CHECK(read.items[0].raw == R"({"id":"p"})");
    CHECK_FALSE(read.items[0].source_updated_at);
    CHECK(read.items[1].source == users);
    CHECK(read.items[1].provider == "upvest");
    CHECK(read.items[1].provider_id == "one");
    CHECK(read.items[1].raw == R"({"id":"one","amount":0.10})");
    CHECK(read.items[1].source_updated_at == domain::parse_timestamp("2026-01-02T03:04:05Z"));
    CHECK(domain::to_text(read.items[1].recorded_at) ==
          value("SELECT to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM "
                "records WHERE tenant_id = $T AND provider_id = 'one'"));
    CHECK(texts(EntityKind::account, "account") == Texts{R"({"id":"a"})"});
}

TEST_CASE_FIXTURE(Payloads, "a payload that two connections were sent is shown once for each") {
    const std::string sent = R"({"id":"a"})";
    must([&](PageTransaction& page) {
        good(page.write_records({id_of("other connection"), "accounts"},
                                std::vector{present("a", "account", sent)}));
    });
    CHECK(texts(EntityKind::account, "account") == Texts{sent, sent});
}

TEST_CASE_FIXTURE(Payloads, "only the present payload of a record is shown") {
    must([this](PageTransaction& page) {
        good(page.write_records(accounts, std::vector{present("a", "account", R"({"id":"a","name":"b"})")}));
        good(page.remove_records(preferences, std::vector<std::string>{"p"}));
    });
    CHECK(texts(EntityKind::account, "account") == Texts{R"({"id":"a","name":"b"})"});
    CHECK(texts(EntityKind::customer, "ada") == Texts{R"({"id":"one","amount":0.10})", R"({"id":"two"})"});
}

TEST_CASE_FIXTURE(Payloads, "what is left of a removed profile is no part of its customer's payloads") {
    must([this](PageTransaction& page) {
        good(page.remove_records(users, std::vector<std::string>{"one"}));
        good(page.lock_existing_entities(std::vector{id_of("one")}));
        good(page.write_entities(std::vector<EntityWrite>{{id_of("one"), std::nullopt, std::nullopt}}));
    });
    CHECK(texts(EntityKind::customer, "ada") == Texts{R"({"id":"two"})"});
}

TEST_CASE_FIXTURE(Payloads, "a profile that moved takes its payloads with it") {
    must([](PageTransaction& page) {
        good(page.lock_customers(std::vector{id_of("bob")}));
        good(page.write_memberships(std::vector<Membership>{{id_of("two"), id_of("bob")}}));
        good(page.commit_documents(by_operator, std::vector{document(EntityKind::customer, "bob", "{}")}));
    });
    CHECK(texts(EntityKind::customer, "bob") == Texts{R"({"id":"two"})"});
    CHECK(texts(EntityKind::customer, "ada").size() == 2);
}

TEST_CASE_FIXTURE(Payloads, "a removed document exists without payloads, an unknown one does not") {
    mark_removed(EntityKind::account, "account");
    const RawRead removed = raw(EntityKind::account, "account");
    CHECK(removed.exists);
    CHECK(removed.items.empty());
    CHECK_FALSE(raw(EntityKind::account, "absent").exists);
    CHECK_FALSE(raw(EntityKind::customer, "account").exists);
    CHECK_FALSE(raw(EntityKind::account, "ada").exists);
}

TEST_CASE_FIXTURE(Payloads, "a merged customer's payloads are where it went") {
    must([](PageTransaction& page) {
        good(page.write_redirects(std::vector<CustomerState>{{id_of("ada-2"), {}, id_of("ada")}}));
    });
    const RawRead merged = raw(EntityKind::customer, "ada-2");
    CHECK(merged.redirect_to == id_of("ada"));
    CHECK(merged.items.empty());
    CHECK_FALSE(raw(EntityKind::customer, "ada").redirect_to);
}

TEST_CASE_FIXTURE(Payloads,
                  "nothing of another tenant is shown, whatever ids and payloads it has in common") {
    // Who is Ada's there is nobody's here.
    must([this](PageTransaction& page) {
        make_present(page, {anchor(EntityKind::profile, "theirs")});
        good(page.write_records(users, std::vector{present("ours", "theirs", R"({"id":"ours"})")}));
    });
    Payloads other;
    other.must([&other](PageTransaction& page) {
        make_present(page,
                     {anchor(EntityKind::profile, "theirs"), anchor(EntityKind::account, "their account")});
        good(page.write_memberships(std::vector<Membership>{{id_of("theirs"), id_of("ada")}}));
        good(page.write_records(other.users, std::vector{present("theirs", "theirs", R"({"id":"theirs"})"),
                                                         present("more", "one", R"({"of":"theirs"})")}));
        good(page.write_records(other.accounts, std::vector{present("b", "account", R"({"id":"b"})"),
                                                            present("c", "their account", R"({"id":"c"})")}));
        good(page.commit_documents(by_operator,
                                   std::vector{document(EntityKind::account, "their account", "{}")}));
    });
    CHECK(texts(EntityKind::account, "account") == Texts{R"({"id":"a"})"});
    CHECK(texts(EntityKind::customer, "ada") ==
          Texts{R"({"id":"p"})", R"({"id":"one","amount":0.10})", R"({"id":"two"})"});
    CHECK_FALSE(raw(EntityKind::account, "their account").exists);
    CHECK(other.texts(EntityKind::account, "their account") == Texts{R"({"id":"c"})"});
}
