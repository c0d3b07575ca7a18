#include "services/api/document_routes.hpp"

#include <doctest/doctest.h>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/system/system_clock.hpp"
#include "domain/json/parse.hpp"
#include "tests/support/run_task.hpp"
#include "unasked_reads.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentRead;
using domain::ports::HttpReply;
using domain::ports::Task;

namespace {

/// One customer, who has two accounts of one number.
struct TwoOfANumber final : tests::UnaskedReads {
    const Uuid customer = domain::named_uuid({}, "customer");
    const std::vector<Uuid> accounts{domain::named_uuid({}, "one"), domain::named_uuid({}, "other")};
    /// How often it is looked at before it is merged away; never where it is negative.
    int merged_after = -1;

    Task<Result<DocumentRead>> document(domain::ports::ReadAt, domain::ports::DocumentQuery query) override {
        DocumentRead read;
        if (query.id == customer && merged_after-- == 0) {
            read.redirect_to = domain::named_uuid({}, "other customer");
        } else if (query.id == customer) {
            read.document.emplace().id = customer;
        }
        co_return read;
    }

    Task<Result<domain::ports::DocumentLoad>> load(Uuid, EntityKind, Uuid id) override {
        auto read = co_await document({}, {EntityKind::customer, id});
        co_return domain::ports::DocumentLoad{read->document, read->redirect_to};
    }

    Task<Result<std::vector<Uuid>>> targets_named(domain::ports::ReadAt,
                                                  domain::ports::TargetName target) override {
        co_return target.name == "17" ? accounts : std::vector<Uuid>{};
    }

    Task<Result<domain::ports::DocumentPage>> list(domain::ports::ReadAt, domain::ports::ListQuery) override {
        co_return domain::ports::DocumentPage{};
    }

    Task<Result<domain::ports::Commit>> moment(domain::ports::ReadAt) override {
        co_return domain::ports::Commit{68, {}};
    }

    Task<Result<std::vector<domain::ports::Freshness>>> freshness(Uuid) override {
        co_return std::vector<domain::ports::Freshness>{};
    }
};

struct NothingRefreshed final : refresh::Refreshing {
    Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
};

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    TwoOfANumber reads;
    NothingRefreshed refresher;
    system::SystemClock clock;
    sync::Providers providers;
    cache::Copies copies{0, clock};
    api::DocumentRoutes routes{reads, sealer, providers, api::FreshReads(reads, refresher, clock, providers),
                               copies};

    [[nodiscard]] HttpReply account_numbered(std::string number,
                                             std::vector<std::string> scopes = {"read", "personal"}) {
        api::RequestContext context;
        context.principal.scopes = std::move(scopes);
        context.id = to_text(reads.customer);
        context.number = std::move(number);
        return tests::run_task(routes.object_of_customer(std::move(context), EntityKind::account));
    }

    [[nodiscard]] HttpReply overview_held(const Uuid& customer, bool any, std::vector<std::string> tags) {
        api::RequestContext context;
        context.id = to_text(customer);
        context.held.any = any;
        context.held.tags = std::move(tags);
        return tests::run_task(routes.overview(std::move(context)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(
    Fixture,
    "a number that several accounts have is answered with all of them, and with none of their data") {
    const HttpReply reply = account_numbered("17");
    CHECK(reply.status == 409);
    const json::Value problem = json::parse(reply.body).value().root;
    CHECK(*problem.find("code") == json::Value("ambiguous_number"));
    const json::Array& errors = *problem.find("errors")->if_array();
    REQUIRE(errors.size() == 2);
    for (std::size_t i = 0; i < errors.size(); ++i) {
        CHECK(*errors[i].find("pointer") == json::Value("/" + to_text(reads.accounts[i])));
    }
    CHECK(account_numbered("18").status == 404);
}

TEST_CASE_FIXTURE(Fixture, "who may not see numbers learns from none whether it exists") {
    CHECK(account_numbered("17", {"read"}).status == 403);
    CHECK(account_numbered("18", {"read"}).status == 403);
    CHECK(account_numbered("upvest:17", {"read"}).status == 403);
    CHECK(account_numbered(to_text(reads.accounts[0]), {"read"}).status == 404);
}

TEST_CASE_FIXTURE(Fixture,
                  "a customer who is merged while it is asked for leads on, and is never without anything") {
    reads.merged_after = 1;
    api::RequestContext context;
    context.id = to_text(reads.customer);
    context.path = "/v1/customers/" + context.id + "/accounts";
    CHECK(tests::run_task(routes.list_of_customer(context, EntityKind::account)).status == 308);
    reads.merged_after = 1;
    context.number = "18";
    context.principal.scopes = {"read", "personal"};
    CHECK(tests::run_task(routes.object_of_customer(context, EntityKind::account)).status == 308);
}

TEST_CASE_FIXTURE(Fixture, "an overview of nobody is not found, whatever of it the reader says to have") {
    const HttpReply held = overview_held(reads.customer, true, {});
    REQUIRE(held.status == 304);
    const std::string field(held.fields.find("ETag").value());
    const std::string tag = field.substr(3, field.size() - 4);  // without W/ and quotes
    CHECK(overview_held(reads.customer, false, {tag}).status == 304);
    const Uuid nobody = domain::named_uuid({}, "nobody");
    CHECK(overview_held(nobody, true, {}).status == 404);
    CHECK(overview_held(nobody, false, {tag}).status == 404);
}
