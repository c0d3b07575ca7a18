#include "services/api/list_question.hpp"

#include <doctest/doctest.h>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"

using namespace tributary;
using api::AskedList;
using api::kept_parameters;
using domain::ports::DocumentPage;
using domain::ports::ListOrder;
using domain::ports::ListQuery;

namespace {

struct Asking {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    api::RequestContext context;
    const domain::ports::Commit moment{68, domain::Timestamp(std::chrono::microseconds(1700))};

    Asking() {
        context.path = "/v1/accounts";
        context.principal.tenant = domain::named_uuid({}, "tenant");
    }

    std::expected<AskedList, std::vector<domain::Error>> ask(const std::string& query, ListQuery base = {}) {
        context.query = http::split_query(query).value();
        static constexpr std::string_view providers[] = {"tastytrade", "tdx", "upvest"};
        return read_list_query(context, std::move(base), sealer, providers);
    }

    std::string fault_of(const std::string& query, ListQuery base = {}) {
        const auto read = ask(query, std::move(base));
        return read ? "none" : read.error().front().pointer;
    }

    /// The token behind a page that ended at some place.
    std::string token_behind(const std::string& query, ListQuery base = {}) {
        const auto read = ask(query, std::move(base));
        REQUIRE(read);
        DocumentPage page;
        page.more = true;
        page.moment = moment;
        page.last = {4711, domain::named_uuid({}, "last")};
        return next_page_token(context, read->query, page, sealer);
    }
};

constexpr auto all_parameters =
    "provider=upvest&status=active&type=individual&connection_id=0190d0c0-0000-7000-8000-000000000001"
    "&changed_since=2026-11-22T06:00:00Z&order_by=changed_at%20desc&include_deleted=true";

}  // namespace

TEST_CASE_FIXTURE(Asking, "every parameter of a list comes through, and goes on to the next page") {
    const auto read = ask(all_parameters);
    REQUIRE(read);
    CHECK(read->query.facets == std::vector<std::string>{"provider=upvest", "status=active",
                                                         "type=individual",
                                                         "connection=0190d0c0-0000-7000-8000-000000000001"});
    CHECK(read->query.changed_since == domain::parse_timestamp("2026-11-22T06:00:00Z"));
    CHECK(read->query.order == ListOrder::changed_at);
    CHECK(read->query.descending);
    CHECK(read->query.include_removed);
    CHECK(kept_parameters(context, read->query) == "&" + std::string(all_parameters));
    CHECK(ask(kept_parameters(context, read->query).substr(1))->query.facets == read->query.facets);
    CHECK(kept_parameters(context, ask("")->query).empty());
    CHECK(kept_parameters(context, ask("order_by=id")->query).empty());
}

TEST_CASE_FIXTURE(Asking, "a parameter that cannot be meant is named") {
    for (const char* bad :
         {"provider=", "provider=Upvest", "status=a%20b", "type=%3Bdrop", "connection_id=x",
          "connection_id=", "changed_since=yesterday", "changed_since=2026-11-22",
          "changed_since=", "order_by=name", "order_by=created_at%20asc", "order_by=changed_at,id",
          "order_by=", "include_deleted=1", "page_size=-1", "page_token=abc"}) {
        CAPTURE(bad);
        const std::string name(bad);
        CHECK(fault_of(bad) == "/" + name.substr(0, name.find('=')));
    }
}

TEST_CASE_FIXTURE(Asking,
                  "a value that no document of the kind can have is refused, and the values are told") {
    const auto of_kind = [](domain::EntityKind kind) {
        ListQuery query;
        query.kind = kind;
        return query;
    };
    using enum domain::EntityKind;
    CHECK(fault_of("status=actve", of_kind(account)) == "/status");
    CHECK(fault_of("status=suspended", of_kind(account)) == "none");
    CHECK(fault_of("status=suspended", of_kind(customer)) == "/status");
    CHECK(fault_of("status=offboarded", of_kind(customer)) == "none");
    CHECK(fault_of("type=human", of_kind(customer)) == "/type");
    CHECK(fault_of("type=person", of_kind(customer)) == "none");
    CHECK(fault_of("type=custody", of_kind(sub_account)) == "none");
    CHECK(fault_of("type=isa", of_kind(account_group)) == "none");
    CHECK(fault_of("type=isa", of_kind(account)) == "/type");
    CHECK(fault_of("provider=tasty", of_kind(account)) == "/provider");
    CHECK(ask("type=humen", of_kind(customer)).error().front().detail ==
          "type must be one of person, entity, other.");
}

TEST_CASE_FIXTURE(Asking, "every parameter that is at fault is told at once") {
    const auto read =
        ask("page_size=-1&status=x&type=y&provider=z&connection_id=a&changed_since=b&order_by=c"
            "&include_deleted=d&page_token=e");
    REQUIRE_FALSE(read);
    std::vector<std::string> pointers;
    for (const domain::Error& fault : read.error()) {
        pointers.push_back(fault.pointer);
    }
    CHECK(pointers == std::vector<std::string>{"/page_size", "/include_deleted", "/provider", "/status",
                                               "/type", "/connection_id", "/changed_since", "/order_by"});
}

TEST_CASE_FIXTURE(Asking,
                  "a walk goes on at its moment and place where nothing but the size of the page changed") {
    for (const std::string& query : {std::string(), std::string(all_parameters)}) {
        const std::string token = token_behind(query);
        const auto next = ask(query + (query.empty() ? "" : "&") + "page_size=7&page_token=" + token);
        REQUIRE(next);
        CHECK(next->at.moment == domain::ports::Moment(moment));
        CHECK(next->query.after.value().key == 4711);
        CHECK(next->query.after.value().id == domain::named_uuid({}, "last"));
        CHECK(next->query.limit == 7);
    }
}

TEST_CASE_FIXTURE(Asking, "a token is refused where anything else of the question changed") {
    const std::string token = "page_token=" + token_behind("provider=upvest&order_by=created_at");
    CHECK(fault_of("provider=upvest&order_by=created_at&" + token) == "none");
    for (const char* other :
         {"", "provider=upvest&", "order_by=created_at&", "provider=tdx&order_by=created_at&",
          "provider=upvest&order_by=created_at%20desc&", "provider=upvest&order_by=changed_at&",
          "provider=upvest&status=active&order_by=created_at&",
          "provider=upvest&order_by=created_at&include_deleted=true&",
          "provider=upvest&order_by=created_at&changed_since=2026-11-22T06:00:00Z&"}) {
        CAPTURE(other);
        CHECK(fault_of(other + token) == "/page_token");
    }
    ListQuery of_customer;
    of_customer.customer = domain::named_uuid({}, "customer");
    CHECK(fault_of("provider=upvest&order_by=created_at&" + token, of_customer) == "/page_token");
    context.path = "/v1/customers";
    CHECK(fault_of("provider=upvest&order_by=created_at&" + token) == "/page_token");
    context.path = "/v1/accounts";
    context.principal.tenant = domain::named_uuid({}, "stranger");
    CHECK(fault_of("provider=upvest&order_by=created_at&" + token) == "/page_token");
}
