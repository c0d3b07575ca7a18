// What an answer says of its sources, and when a reader may be told that his copy still holds.

#include <doctest/doctest.h>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/system/system_clock.hpp"
#include "domain/json/parse.hpp"
#include "services/api/document_routes.hpp"
#include "services/api/document_text.hpp"
#include "tests/support/run_task.hpp"
#include "unasked_reads.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::Freshness;
using domain::ports::HttpReply;
using domain::ports::Task;

namespace {

const Uuid bank = domain::named_uuid({}, "bank");
const Uuid broker = domain::named_uuid({}, "broker");
const Uuid account = domain::named_uuid({}, "account");
const domain::Timestamp noon = *domain::parse_timestamp("2026-01-02T12:00:00Z");

Freshness walked(const Uuid& connection, std::string stream = "accounts", std::string status = "active") {
    Freshness fresh;
    fresh.source = {connection, std::move(stream)};
    fresh.provider = connection == bank ? "bank" : "broker";
    fresh.fetched_at = noon;
    fresh.verified_complete_at = noon;
    fresh.status = std::move(status);
    fresh.reason = "As the test says.";
    return fresh;
}

/// A connection whose first run has not ended.
Freshness unread(const Uuid& connection) {
    Freshness fresh = walked(connection, "", "pending");
    fresh.fetched_at.reset();
    fresh.verified_complete_at.reset();
    return fresh;
}

/// One account, which the bank gave.
struct OneAccount final : tests::UnaskedReads {
    Task<Result<domain::ports::DocumentRead>> document(domain::ports::ReadAt,
                                                       domain::ports::DocumentQuery query) override {
        domain::ports::DocumentRead read;
        read.document = stored();
        read.document->known = query.known.any || !query.known.versions.empty();
        co_return read;
    }

    Task<Result<domain::ports::DocumentLoad>> load(Uuid, EntityKind, Uuid) override {
        domain::ports::DocumentLoad load;
        load.document = stored();
        load.freshness = all;
        co_return load;
    }

    Task<Result<domain::ports::DocumentPage>> list(domain::ports::ReadAt, domain::ports::ListQuery) override {
        domain::ports::DocumentPage page;
        page.documents = {stored()};
        page.moment = {68, noon};
        co_return page;
    }

    Task<Result<domain::ports::Commit>> moment(domain::ports::ReadAt) override {
        co_return domain::ports::Commit{68, noon};
    }

    Task<Result<std::vector<Freshness>>> freshness(Uuid) override { co_return all; }

    Task<Result<std::vector<Freshness>>> freshness_of(Uuid, Uuid) override { co_return all; }

    Task<Result<domain::ports::OverviewRead>> overview(domain::ports::ReadAt, Uuid) override {
        domain::ports::OverviewRead read;
        read.customer.document = stored();
        read.moment = {68, noon};
        co_return read;
    }

    [[nodiscard]] domain::ports::StoredDocument stored() const {
        domain::ports::StoredDocument document;
        document.id = account;
        document.kind = EntityKind::account;
        document.body = "{}";
        document.version = 7;
        document.sources = sources;
        return document;
    }

    std::vector<domain::ports::StreamRef> sources{{bank, "accounts"}};
    std::vector<Freshness> all{walked(bank)};
};

struct NothingRefreshed final : refresh::Refreshing {
    Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
};

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    OneAccount reads;
    NothingRefreshed refresher;
    system::SystemClock clock;
    sync::Providers providers;
    cache::Copies copies{0, clock};
    api::DocumentRoutes routes{reads, sealer, providers, api::FreshReads(reads, refresher, clock, providers),
                               copies};

    [[nodiscard]] static api::RequestContext asking(const std::string& query,
                                                    std::vector<std::string> tags = {}) {
        api::RequestContext context;
        context.id = to_text(account);
        context.path = "/v1/accounts";
        context.query = *http::split_query(query);
        context.held.tags = std::move(tags);
        return context;
    }

    HttpReply object(const std::string& query, std::vector<std::string> tags = {}) {
        return tests::run_task(routes.object(asking(query, std::move(tags)), EntityKind::account));
    }

    HttpReply list(const std::string& query, std::vector<std::string> tags = {},
                   EntityKind kind = EntityKind::account) {
        return tests::run_task(routes.list(asking(query, std::move(tags)), kind));
    }
};

std::string tag_of(const HttpReply& reply) {
    const std::string field(reply.fields.find("ETag").value_or(""));
    return field.size() < 4 ? field : field.substr(3, field.size() - 4);  // without W/ and quotes
}

json::Array partial_of(const HttpReply& reply) {
    const json::Value told = json::parse(reply.body).value().root;
    return *told.find("partial")->if_array();
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an object whose source broke is sent to a reader who has its newest version") {
    const std::string tag = tag_of(object(""));
    REQUIRE_FALSE(tag.empty());
    CHECK(object("", {tag}).status == 304);
    reads.all = {walked(bank, "accounts", "degraded")};
    const HttpReply broken = object("", {tag});
    REQUIRE(broken.status == 200);
    CHECK(partial_of(broken).size() == 1);
    CHECK(tag_of(broken).empty());
}

TEST_CASE_FIXTURE(Fixture, "a body that says it is stale has no tag that would keep it so") {
    for (const HttpReply& reply :
         {object("max_age=0s"), list("max_age=0s"), tests::run_task(routes.overview(asking("max_age=0s")))}) {
        REQUIRE(reply.status == 200);
        CHECK(reply.body.find(R"("stale":true)") != std::string::npos);
        CHECK(tag_of(reply).empty());
    }
    CHECK_FALSE(tag_of(object("max_age=8784h")).empty());
    CHECK_FALSE(tag_of(list("max_age=8784h")).empty());
}

TEST_CASE_FIXTURE(Fixture, "a list names a connection that was never read, and is not called proved") {
    CHECK(list("").fields.find("Tributary-Verified-At").has_value());
    reads.all = {walked(bank), unread(broker)};
    const HttpReply reply = list("");
    REQUIRE(partial_of(reply).size() == 1);
    CHECK(*partial_of(reply)[0].find("connection_id") == json::Value(to_text(broker)));
    CHECK(*partial_of(reply)[0].find("code") == json::Value("pending"));
    CHECK_FALSE(reply.fields.find("Tributary-Verified-At").has_value());
}

TEST_CASE_FIXTURE(Fixture, "a filtered list answers for the provider that it asks for, and for no other") {
    reads.all = {walked(bank), unread(broker)};
    const HttpReply of_bank = list("connection_id=" + to_text(bank));
    CHECK(partial_of(of_bank).empty());
    CHECK(of_bank.fields.find("Tributary-Verified-At").has_value());
    const HttpReply of_broker = list("connection_id=" + to_text(broker));
    CHECK(partial_of(of_broker).size() == 1);
    CHECK_FALSE(of_broker.fields.find("Tributary-Verified-At").has_value());
    // What changes elsewhere is no reason to send it again.
    const std::string tag = tag_of(of_bank);
    reads.all = {walked(bank), walked(broker, "accounts", "degraded")};
    CHECK(list("connection_id=" + to_text(bank), {tag}).status == 304);
    CHECK(list("connection_id=" + to_text(broker), {tag}).status == 200);
}

TEST_CASE_FIXTURE(Fixture,
                  "a list of customers answers for all that they are merged from, however it is filtered") {
    Freshness old = walked(broker);
    old.verified_complete_at = noon - std::chrono::hours(9);
    reads.sources = {{bank, "accounts"}, {broker, "accounts"}};
    reads.all = {walked(bank), old};
    const std::string query = "connection_id=" + to_text(bank);
    const HttpReply well = list(query, {}, EntityKind::customer);
    CHECK(well.fields.find("Tributary-Verified-At") == "2026-01-02T03:00:00Z");
    reads.all[1].status = "reauth_required";
    const HttpReply broken = list(query, {tag_of(well)}, EntityKind::customer);
    REQUIRE(broken.status == 200);
    REQUIRE(partial_of(broken).size() == 1);
    CHECK(*partial_of(broken)[0].find("connection_id") == json::Value(to_text(broker)));
}

TEST_CASE_FIXTURE(
    Fixture, "a list of one connection answers for the others of its provider, who may share its objects") {
    const Uuid other = domain::named_uuid({}, "the bank again");
    Freshness old = walked(other);
    old.provider = "bank";
    old.verified_complete_at = noon - std::chrono::hours(9);
    reads.sources = {{bank, "accounts"}, {other, "accounts"}};
    reads.all = {walked(bank), old, unread(broker)};
    const std::string query = "connection_id=" + to_text(bank);
    const HttpReply well = list(query);
    CHECK(partial_of(well).empty());
    CHECK(well.fields.find("Tributary-Verified-At") == "2026-01-02T03:00:00Z");
    reads.all[1].status = "reauth_required";
    const HttpReply broken = list(query, {tag_of(well)});
    REQUIRE(broken.status == 200);
    REQUIRE(partial_of(broken).size() == 1);
    CHECK(*partial_of(broken)[0].find("connection_id") == json::Value(to_text(other)));
}

TEST_CASE_FIXTURE(Fixture,
                  "an object of a walk that has not ended is not called fresh, and names its source") {
    reads.all = {unread(bank)};
    const HttpReply reply = object("max_age=1h");
    CHECK(reply.body.find(R"("stale":true)") != std::string::npos);
    CHECK(reply.body.find(R"("stream":"accounts")") != std::string::npos);
    CHECK(partial_of(reply).size() == 1);
    CHECK_FALSE(reply.fields.find("Tributary-Verified-At").has_value());
}

TEST_CASE_FIXTURE(Fixture,
                  "of many sources in trouble the first hundred are told, and the tag is of all of them") {
    reads.all = {walked(bank)};
    for (int i = 0; i < 150; ++i) {
        Freshness waiting = unread(broker);
        waiting.source.connection_id = domain::named_uuid({}, "connection " + std::to_string(i));
        reads.all.push_back(std::move(waiting));
    }
    for (const HttpReply& reply : {list(""), tests::run_task(routes.overview(asking("")))}) {
        REQUIRE(partial_of(reply).size() == 100);
        CHECK(*partial_of(reply)[0].find("connection_id") ==
              json::Value(to_text(reads.all[1].source.connection_id)));
        CHECK(*partial_of(reply)[99].find("connection_id") ==
              json::Value(to_text(reads.all[100].source.connection_id)));
    }
    const std::string of_list = tag_of(list(""));
    const std::string of_overview = tag_of(tests::run_task(routes.overview(asking(""))));
    CHECK(list("", {of_list}).status == 304);
    CHECK(tests::run_task(routes.overview(asking("", {of_overview}))).status == 304);
    reads.all.back().status = "degraded";
    CHECK(list("", {of_list}).status == 200);
    CHECK(tests::run_task(routes.overview(asking("", {of_overview}))).status == 200);
}

TEST_CASE("streams that were never proved date no list, but those that the provider does not give") {
    Freshness unproven = walked(broker);
    unproven.verified_complete_at.reset();
    for (const char* verdict : {"unproven", "partial", "paused", ""}) {
        unproven.verdict = verdict;
        HttpReply reply;
        api::add_verified_at(reply, std::vector{walked(bank), unproven});
        CHECK_FALSE(reply.fields.find("Tributary-Verified-At").has_value());
    }
    unproven.verdict = "denied";
    HttpReply reply;
    api::add_verified_at(reply, std::vector{walked(bank), unproven});
    CHECK(reply.fields.find("Tributary-Verified-At").has_value());
}
