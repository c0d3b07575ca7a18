#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;
using domain::Uuid;

namespace {

AccessWrite grant(std::string_view profile, std::string_view target,
                  std::string level = R"({"level":"owner"})") {
    return {id_of(profile), EntityKind::account, id_of(target), std::move(level)};
}

std::vector<Uuid> sorted_ids(std::vector<std::string_view> names) {
    std::vector<Uuid> ids;
    std::ranges::transform(names, std::back_inserter(ids), id_of);
    std::ranges::sort(ids);
    return ids;
}

const StreamRef users{id_of("connection"), "users"};

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "a record is read back with its hash, its time and no removal") {
    must([](PageTransaction& page) {
        RecordWrite write = record("u-1", "ada", R"({"n":"Ad\"a\\ \u0001"})");
        write.source_updated_at = domain::parse_timestamp("2026-01-02T03:04:05.678901Z");
        good(page.write_records(users, std::vector{write, record("u-2", "bob", "{}")}));
    });
    must([](PageTransaction& page) {
        const auto states = good(page.records(users, std::vector<std::string>{"u-1", "absent"}));
        REQUIRE(states.size() == 1);
        CHECK(states[0].provider_id == "u-1");
        CHECK(states[0].entity_id == id_of("ada"));
        CHECK(states[0].hash == R"(hash of {"n":"Ad\"a\\ \u0001"})");
        CHECK(states[0].source_updated_at == domain::parse_timestamp("2026-01-02T03:04:05.678901Z"));
        CHECK_FALSE(states[0].removed);
        CHECK(good(page.records({users.connection_id, "accounts"}, std::vector<std::string>{"u-1"})).empty());
    });
}

TEST_CASE_FIXTURE(StoreFixture,
                  "an update time that lies in the future is not believed, or nothing would ever be newer") {
    const domain::Timestamp now =
        domain::parse_timestamp(
            value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"))
            .value();
    must([now](PageTransaction& page) {
        RecordWrite far = record("far", "ada", "{}");
        far.source_updated_at = domain::parse_timestamp("9998-01-01T00:00:00Z");
        RecordWrite near = record("near", "bob", "{}");
        near.source_updated_at = now + std::chrono::minutes(2);
        good(page.write_records(users, std::vector{far, near}));
    });
    must([now](PageTransaction& page) {
        const auto states = good(page.records(users, std::vector<std::string>{"far", "near"}));
        REQUIRE(states.size() == 2);
        const auto of = [&states](std::string_view id) {
            return std::ranges::find(states, id, &RecordState::provider_id)->source_updated_at;
        };
        CHECK_FALSE(of("far").has_value());
        // What our clocks may differ by.
        CHECK(of("near") == now + std::chrono::minutes(2));
    });
}

TEST_CASE_FIXTURE(StoreFixture, "live ids come in byte order, page by page, without the removed ones") {
    must([](PageTransaction& page) {
        std::vector<RecordWrite> writes;
        for (const char* id : {"b", "a", "B", "\xC3\xA9", "_", "a-1"}) {
            writes.push_back(record(id, id, "{}"));
        }
        good(page.write_records(users, writes));
        good(page.remove_records(users, std::vector<std::string>{"_"}));
    });
    must([](PageTransaction& page) {
        CHECK(good(page.live_record_ids(users, "", 3)) == std::vector<std::string>{"B", "a", "a-1"});
        CHECK(good(page.live_record_ids(users, "a-1", 9)) == std::vector<std::string>{"b", "\xC3\xA9"});
    });
}

TEST_CASE_FIXTURE(StoreFixture,
                  "writing access tells both ends of what was added, changed or dropped, and nothing else") {
    const auto write = [this](std::vector<AccessWrite> access) {
        std::vector<Uuid> ends;
        must([&](PageTransaction& page) {
            RecordWrite one = record("u-1", "ada", "{}");
            one.access = access;
            ends = good(page.write_records(users, std::vector{one}));
        });
        return ends;
    };
    CHECK(write({grant("ada", "acc-1"), grant("ada", "acc-2")}) == sorted_ids({"ada", "acc-1", "acc-2"}));
    CHECK(write({grant("ada", "acc-1"), grant("ada", "acc-2")}).empty());
    CHECK(write({grant("ada", "acc-1", R"({"level":"read_only"})"), grant("ada", "acc-2")}) ==
          sorted_ids({"ada", "acc-1"}));
    CHECK(write({grant("bob", "acc-2"), grant("ada", "acc-2")}) ==
          sorted_ids({"ada", "acc-1", "bob", "acc-2"}));
    CHECK(write({}) == sorted_ids({"ada", "bob", "acc-2"}));
}

TEST_CASE_FIXTURE(StoreFixture, "a grant that stands twice in a record counts once, the later one") {
    must([](PageTransaction& page) {
        RecordWrite one = record("u-1", "ada", "{}");
        one.access = {grant("ada", "acc-1", "{}"), grant("ada", "acc-1", R"({"level":"owner"})")};
        good(page.write_records(users, std::vector{one}));
        const auto rows = good(page.access_of_profiles(std::vector{id_of("ada")}));
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].grant == R"({"level":"owner"})");
        CHECK(rows[0].target_id == id_of("acc-1"));
        CHECK(rows[0].target_kind == EntityKind::account);
        CHECK(rows[0].connection_id == users.connection_id);
    });
}

TEST_CASE_FIXTURE(StoreFixture, "removing records tells their entities and both ends of their access") {
    must([](PageTransaction& page) {
        RecordWrite one = record("u-1", "ada", "{}");
        one.access = {grant("ada", "acc-1")};
        good(page.write_records(users, std::vector{one, record("u-2", "bob", "{}")}));
    });
    must([](PageTransaction& page) {
        CHECK(good(page.remove_records(users, std::vector<std::string>{"u-1", "absent"})) ==
              sorted_ids({"ada", "acc-1"}));
        CHECK(good(page.remove_records(users, std::vector<std::string>{"u-1"})).empty());
        CHECK(good(page.access_of_targets(std::vector{id_of("acc-1")})).empty());
        CHECK(good(page.records(users, std::vector<std::string>{"u-1"})).at(0).removed);
    });
    must([](PageTransaction& page) {
        good(page.write_records(users, std::vector{record("u-1", "ada", "{}")}));
        CHECK_FALSE(good(page.records(users, std::vector<std::string>{"u-1"})).at(0).removed);
    });
}

TEST_CASE_FIXTURE(
    StoreFixture,
    "every payload a record ever stood on is kept, and the present one is named by the record") {
    for (const char* raw : {R"({"v":1})", R"({"v":2})", R"({"v":1})"}) {
        must([raw](PageTransaction& page) {
            good(page.write_records(users, std::vector{record("u-1", "ada", raw)}));
        });
    }
    CHECK(value("SELECT count(*) FROM raw_payloads WHERE tenant_id = $T") == "2");
    CHECK(value("SELECT count(*) FROM raw_history WHERE tenant_id = $T") == "2");
    CHECK(value("SELECT raw FROM raw_payloads p JOIN records r USING (tenant_id, connection_id, raw_hash)"
                " WHERE r.tenant_id = $T") == R"({"v":1})");
    CHECK(value("SELECT string_agg(raw, ' ' ORDER BY valid_from) FROM raw_history h JOIN raw_payloads p"
                " USING (tenant_id, connection_id, raw_hash) WHERE h.tenant_id = $T") ==
          R"({"v":1} {"v":2})");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a payload that means the same is kept all the same, with what was made of either") {
    for (const char* raw : {R"({"v":1,"new":1})", R"({"v":1,"new":2})"}) {
        must([raw](PageTransaction& page) {
            RecordWrite write = record("u-1", "ada", raw);
            write.normalized = R"({"v":1})";
            good(page.write_records(users, std::vector{write}));
        });
    }
    CHECK(value("SELECT count(*) FROM raw_payloads WHERE tenant_id = $T") == "2");
    CHECK(value("SELECT raw || ' as ' || normalized FROM raw_history h JOIN raw_payloads p"
                " USING (tenant_id, connection_id, raw_hash) WHERE h.tenant_id = $T") ==
          R"({"v":1,"new":1} as {"v":1})");
    must([](PageTransaction& page) { good(page.remove_records(users, std::vector<std::string>{"u-1"})); });
    CHECK(
        value(
            "SELECT string_agg(raw || ' as ' || normalized, ' ' ORDER BY valid_from) FROM raw_history h JOIN"
            " raw_payloads p USING (tenant_id, connection_id, raw_hash) WHERE h.tenant_id = $T") ==
        R"({"v":1,"new":1} as {"v":1} {"v":1,"new":2} as {"v":1})");
}

TEST_CASE_FIXTURE(StoreFixture, "a payload that is decoded differently makes its record no newer") {
    const auto write = [this](std::string raw, std::string normalized) {
        must([&](PageTransaction& page) {
            RecordWrite one = record("u-1", "ada", raw);
            one.normalized = normalized;
            one.hash = "hash of " + normalized;
            good(page.write_records(users, std::vector{one}));
        });
        return value("SELECT changed_at FROM records WHERE tenant_id = $T");
    };
    const std::string came = write("{}", "{}");
    CHECK(write("{}", R"({"v":1})") == came);
    CHECK(value("SELECT normalized FROM records WHERE tenant_id = $T") == R"({"v":1})");
    CHECK(value("SELECT count(*) FROM raw_history WHERE tenant_id = $T") == "0");
    CHECK(write(R"({"n":1})", R"({"v":1})") > came);
}

TEST_CASE_FIXTURE(StoreFixture, "no payload is lost to history where the clock went backwards") {
    must([](PageTransaction& page) {
        good(page.write_records(users, std::vector{record("u-1", "ada", "{}"), record("u-2", "bob", "{}")}));
    });
    database.run("UPDATE records SET changed_at = changed_at + interval '1 day' WHERE tenant_id = '" +
                 to_text(tenant) + "'");
    must([](PageTransaction& page) {
        good(page.write_records(users, std::vector{record("u-1", "ada", R"({"v":2})")}));
        good(page.remove_records(users, std::vector<std::string>{"u-2"}));
    });
    CHECK(value("SELECT count(*) FROM raw_history WHERE tenant_id = $T AND valid_to > valid_from") == "2");
    CHECK(value("SELECT r.changed_at = h.valid_to FROM records r JOIN raw_history h USING (tenant_id,"
                " connection_id, stream, provider_id) WHERE r.tenant_id = $T AND r.removed_at IS NULL") ==
          "t");
}

TEST_CASE_FIXTURE(StoreFixture, "large payloads are stored compressed") {
    must([](PageTransaction& page) {
        std::string large = R"({"v":")" + std::string(100'000, 'x') + "\"}";
        good(page.write_records(users, std::vector{record("u-1", "ada", std::move(large))}));
    });
    const std::string best = value(
        "SELECT CASE WHEN 'lz4' = ANY(enumvals) THEN 'lz4' ELSE 'pglz' END FROM pg_settings WHERE name ="
        " 'default_toast_compression'");
    CHECK(value("SELECT pg_column_compression(raw) FROM raw_payloads WHERE tenant_id = $T") == best);
    CHECK(std::stoi(value("SELECT pg_column_size(raw) FROM raw_payloads WHERE tenant_id = $T")) < 5'000);
}

TEST_CASE_FIXTURE(StoreFixture, "the later of two records with one key in a call is kept") {
    must([](PageTransaction& page) {
        good(page.write_records(users,
                                std::vector{record("u-1", "ada", "{}"), record("u-1", "ada", R"({"v":2})")}));
        CHECK(good(page.contributions(std::vector{id_of("ada")})).at(0).normalized == R"({"v":2})");
    });
}

TEST_CASE_FIXTURE(StoreFixture, "text that the database cannot hold is refused, and the whole page with it") {
    for (const std::string& bad : {std::string("a\0b", 3), std::string("\xC3\x28")}) {
        const auto outcome = page([&bad](PageTransaction& transaction) -> domain::Result<void> {
            good(transaction.write_records(users, std::vector{record("fine", "ada", "{}")}));
            const auto refused = transaction.write_records(users, std::vector{record(bad, "bob", "{}")});
            CHECK(error_of(refused) == "contract");
            return {};  // even where the job overlooks it
        });
        CHECK(error_of(outcome) == "contract");
    }
    CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T") == "0");
}

TEST_CASE_FIXTURE(StoreFixture, "an object without a key is kept once, with why") {
    const std::vector<domain::Quarantined> objects = {{json::Value("x"), "no id"},
                                                      {json::Value("x"), "no id"}};
    must([&](PageTransaction& page) { good(page.quarantine(users, 0, objects)); });
    must([&](PageTransaction& page) { good(page.quarantine(users, 0, objects)); });
    CHECK(value("SELECT string_agg(raw || reason, ',') FROM quarantine WHERE tenant_id = $T") ==
          "\"x\"no id");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a new record is stored with its payload and access, and collides with one that is there") {
    RecordWrite added = record("u-1", "ada", R"({"id":"u-1"})");
    added.is_new = true;
    added.access = {{id_of("ada"), EntityKind::account, id_of("account"), R"({"level":"owner"})"}};
    RecordWrite twin = record("u-2", "bob", R"({"id":"u-1"})");
    twin.is_new = true;
    must([&](PageTransaction& page) {
        const auto ends = good(page.write_records(users, std::vector{added, twin}));
        CHECK(std::set(ends.begin(), ends.end()) == std::set{id_of("ada"), id_of("account")});
    });
    CHECK(value("SELECT string_agg(provider_id || ' ' || raw, ', ' ORDER BY provider_id) FROM records JOIN "
                "raw_payloads "
                "USING (tenant_id, connection_id, raw_hash) WHERE tenant_id = $T") ==
          R"(u-1 {"id":"u-1"}, u-2 {"id":"u-1"})");
    CHECK(value("SELECT granted FROM access WHERE tenant_id = $T") == R"({"level":"owner"})");
    const auto again = page([&](PageTransaction& transaction) -> domain::Result<void> {
        const auto written = transaction.write_records(users, std::vector{added});
        return written ? domain::Result<void>() : std::unexpected(written.error());
    });
    CHECK(error_of(again) == "conflict");
}
