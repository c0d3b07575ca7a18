#include <doctest/doctest.h>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/system/system_clock.hpp"
#include "domain/json/parse.hpp"
#include "services/api/document_routes.hpp"
#include "services/api/raw_routes.hpp"
#include "tests/support/run_task.hpp"
#include "unasked_reads.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentRead;
using domain::ports::HttpReply;
using domain::ports::OverviewRead;
using domain::ports::RawRead;
using domain::ports::Task;

namespace {

/// Every customer was merged into `target`.
struct MergedReads final : tests::UnaskedReads {
    Uuid target = domain::named_uuid({}, "target");

    Task<Result<DocumentRead>> document(domain::ports::ReadAt, domain::ports::DocumentQuery) override {
        co_return DocumentRead{std::nullopt, target, {}};
    }

    Task<Result<domain::ports::DocumentLoad>> load(Uuid, EntityKind, Uuid) override {
        domain::ports::DocumentLoad load;
        load.redirect_to = target;
        co_return load;
    }

    Task<Result<RawRead>> raw(domain::ports::ReadAt, EntityKind, Uuid) override {
        co_return RawRead{.moment = {}, .exists = false, .redirect_to = target, .items = {}};
    }

    Task<Result<domain::ports::Commit>> moment(domain::ports::ReadAt) override {
        co_return domain::ports::Commit{68, {}};
    }

    Task<Result<std::vector<domain::ports::Freshness>>> freshness(Uuid) override {
        co_return std::vector<domain::ports::Freshness>{};
    }

    Task<Result<OverviewRead>> overview(domain::ports::ReadAt, Uuid) override {
        OverviewRead read;
        read.customer.redirect_to = target;
        co_return read;
    }
};

/// The customer that the token names, whoever that is now, has more than a page.
struct WalkedReads final : tests::UnaskedReads {
    Uuid customer = domain::named_uuid({}, "before");

    Task<Result<std::optional<Uuid>>> customer_named(domain::ports::ReadAt, Uuid) override {
        co_return std::optional(customer);
    }

    Task<Result<DocumentRead>> document(domain::ports::ReadAt, domain::ports::DocumentQuery query) override {
        DocumentRead read;
        read.document.emplace().id = query.id;
        co_return read;
    }

    Task<Result<std::vector<domain::ports::Freshness>>> freshness(Uuid) override {
        co_return std::vector<domain::ports::Freshness>{};
    }

    Task<Result<domain::ports::DocumentPage>> list(domain::ports::ReadAt, domain::ports::ListQuery) override {
        domain::ports::DocumentPage page;
        page.documents.emplace_back().body = "{}";
        page.more = true;
        page.last = {0, domain::named_uuid({}, "account")};
        page.moment = {68, {}};
        co_return page;
    }
};

struct NothingRefreshed final : refresh::Refreshing {
    Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
};

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    MergedReads reads;
    api::RawRoutes raw_routes{reads};
    NothingRefreshed refresher;
    system::SystemClock clock;
    sync::Providers providers;
    cache::Copies copies{0, clock};
    api::DocumentRoutes routes{reads, sealer, providers, api::FreshReads(reads, refresher, clock, providers),
                               copies};
    const std::string merged = to_text(domain::named_uuid({}, "merged"));
    const std::string target = "/v1/customers/" + to_text(reads.target);

    [[nodiscard]] api::RequestContext asking(const std::string& tail, std::string query) const {
        api::RequestContext context;
        context.id = merged;
        context.principal.scopes = {"read", "personal"};
        context.path = "/v1/customers/" + merged + tail;
        context.raw_query = std::move(query);
        return context;
    }

    static void check_moved(const HttpReply& reply, std::string_view location) {
        CHECK(reply.status == 308);
        CHECK(reply.fields.find("Location") == location);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a merged customer leads to the other one, what was asked about it included") {
    const std::string query = "page_size=1&include_deleted=true&page_token=a%2Bb";
    check_moved(tests::run_task(routes.list_of_customer(asking("/accounts", query), EntityKind::account)),
                target + "/accounts?" + query);
    check_moved(
        tests::run_task(routes.object_of_customer(asking("/accounts/5WT00002", ""), EntityKind::account)),
        target + "/accounts/5WT00002");
    check_moved(tests::run_task(routes.overview(asking("/overview", ""))), target + "/overview");
    api::RequestContext held = asking("/overview", "");
    held.held.any = true;
    check_moved(tests::run_task(routes.overview(held)), target + "/overview");
    check_moved(tests::run_task(routes.object(asking("", ""), EntityKind::customer)), target);
    check_moved(tests::run_task(raw_routes.raw(asking("/raw", ""), EntityKind::customer)), target + "/raw");
}

TEST_CASE_FIXTURE(Fixture,
                  "a merged customer whose id was sent percent-encoded leads to the other one all the same") {
    api::RequestContext context = asking("", "");
    context.path = "/v1/customers/%30" + merged.substr(1);
    check_moved(tests::run_task(routes.object(context, EntityKind::customer)), target);
    context.path += "/raw";
    check_moved(tests::run_task(raw_routes.raw(context, EntityKind::customer)), target + "/raw");
}

TEST_CASE_FIXTURE(Fixture,
                  "a walk under 'me' ends where the customer is merged meanwhile, and begins again") {
    WalkedReads walked;
    api::DocumentRoutes walk{walked, sealer, providers, api::FreshReads(walked, refresher, clock, providers),
                             copies};
    const auto page_behind = [&](const std::string& token) {
        api::RequestContext context;
        context.id = "me";
        context.principal.customer = to_text(domain::named_uuid({}, "profile"));
        context.path = "/v1/customers/me/accounts";
        context.query = *http::split_query("page_token=" + token);
        return tests::run_task(walk.list_of_customer(context, EntityKind::account));
    };
    const auto member = [](const HttpReply& reply, std::string_view name) {
        return *json::parse(reply.body).value().root.find(name);
    };
    const auto next_of = [&](const HttpReply& reply) {
        return std::string(*member(reply, "next_page_token").if_string());
    };
    const std::string token = next_of(page_behind(""));
    REQUIRE(page_behind(token).status == 200);
    walked.customer = domain::named_uuid({}, "after");
    const HttpReply refused = page_behind(token);
    REQUIRE(refused.status == 400);
    const json::Value errors = member(refused, "errors");
    REQUIRE(errors.if_array()->size() == 1);
    CHECK(*errors.if_array()->front().find("pointer") == json::Value("/page_token"));
    const HttpReply again = page_behind("");
    REQUIRE(again.status == 200);
    CHECK(page_behind(next_of(again)).status == 200);
}
