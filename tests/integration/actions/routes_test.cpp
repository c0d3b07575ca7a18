// What callers are told of the changes that they ask for.

#include <doctest/doctest.h>

#include <spdlog/logger.h>

#include <boost/asio/co_spawn.hpp>
#include <map>

#include "action_fixture.hpp"
#include "domain/json/parse.hpp"
#include "services/api/action_routes.hpp"

using namespace tributary;
using namespace tributary::tests;
using api::Endpoint;
using domain::Errc;
using domain::ports::HttpReply;
using Turn = ChangingBank::Turn;
using namespace std::chrono_literals;

namespace {

std::string code_of(const HttpReply& reply) {
    const auto parsed = json::parse(reply.body);
    const json::Value* code = parsed ? parsed->root.find("code") : nullptr;
    return code == nullptr ? "" : *code->if_string();
}

std::string member(const HttpReply& reply, std::string_view name) {
    const auto parsed = json::parse(reply.body);
    const json::Value* found = parsed ? parsed->root.find(name) : nullptr;
    return found == nullptr || found->if_string() == nullptr ? "" : *found->if_string();
}

struct Routes : ActionFixture {
    api::RequestContext asked(Endpoint endpoint, const std::string& key, std::string id, std::string body) {
        api::RequestContext context;
        context.log = {std::make_shared<spdlog::logger>("silent"), "request"};
        context.principal.tenant = tenant;
        context.principal.label = "API key of a test";
        context.principal.scopes = {"actions", "read"};
        context.endpoint = endpoint;
        context.method = "PUT";
        context.idempotency_key = key;
        context.path = "/v1/" + std::to_string(static_cast<int>(endpoint)) + "/" + id;
        context.id = std::move(id);
        context.body = std::move(body);
        return context;
    }

    api::RequestContext language(const std::string& key, const std::string& to) {
        return asked(Endpoint::put_preferences, key, to_text(profile()), R"({"language":")" + to + "\"}");
    }

    api::RequestContext close(const std::string& key) {
        return asked(Endpoint::close_account_group, key, to_text(group()), R"({"closure_reason":"ordered"})");
    }

    /// Asks all at once, while a worker is at work; the answers in the order in which they came.
    std::vector<HttpReply> answers(std::vector<api::RequestContext> contexts) {
        boost::asio::io_context io;
        actions::WorkerOptions options;
        options.owner = id_of("worker");
        options.longest_idle = 20ms;
        actions::Worker worker(io.get_executor(), tools(), options);
        int made = 0;
        api::ActionRoutes routes({store.actions(),
                                  *sealer,
                                  providers,
                                  clock,
                                  [&] {
                                      return domain::named_uuid(tenant, "asked " + std::to_string(++made_) +
                                                                            " " + std::to_string(++made));
                                  },
                                  [&worker] { worker.wake(); },
                                  {},
                                  longest_wait});
        boost::asio::co_spawn(io, worker.run(),
                              [](const std::exception_ptr& thrown) { CHECK_FALSE(thrown); });
        std::vector<HttpReply> replies;
        const std::size_t all = contexts.size();
        for (api::RequestContext& context : contexts) {
            boost::asio::co_spawn(io, routes.change(std::move(context)),
                                  [&](const std::exception_ptr& thrown, HttpReply reply) {
                                      CHECK_FALSE(thrown);
                                      replies.push_back(std::move(reply));
                                      if (replies.size() == all) worker.stop();
                                  });
        }
        io.run();
        return replies;
    }

    HttpReply answer(api::RequestContext context) {
        std::vector<api::RequestContext> one;
        one.push_back(std::move(context));
        return answers(std::move(one)).at(0);
    }

    std::chrono::milliseconds longest_wait = 20s;
    int made_ = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Routes, "a change is answered with its action once it is done, and again the same") {
    const HttpReply first = answer(language("a", "german"));
    CHECK(first.status == 200);
    CHECK(member(first, "state") == "succeeded");
    CHECK(member(first, "kind") == "put_preferences");
    const HttpReply again = answer(language("a", "german"));
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    CHECK(bank.effects == 1);
    CHECK_FALSE(first.body.contains("german"));
}

TEST_CASE_FIXTURE(Routes,
                  "fifty identical requests at once have one effect, and the others are told to wait") {
    bank.before_perform = [this]() -> domain::ports::Task<void> {
        const auto slept = co_await clock.sleep(200ms);
        CHECK(slept);
    };
    std::vector<api::RequestContext> all;
    for (int i = 0; i < 50; ++i)
        all.push_back(language("same", "german"));
    std::map<int, int> statuses;
    for (const HttpReply& reply : answers(std::move(all))) {
        ++statuses[reply.status];
        if (reply.status != 409) continue;
        CHECK(code_of(reply) == "action_running");
        CHECK(reply.fields.find("Location")->starts_with("/v1/actions/"));
        CHECK(reply.fields.find("Retry-After"));
    }
    CHECK(bank.asked == std::vector<std::string>{"perform"});
    CHECK(bank.effects == 1);
    CHECK(statuses[200] >= 1);
    CHECK(statuses[200] + statuses[409] == 50);
}

TEST_CASE_FIXTURE(Routes, "another body, path or method under a key is refused, white space is not") {
    answer(language("a", "german"));
    CHECK(code_of(answer(language("a", "french"))) == "idempotency_key_reused");
    CHECK(answer(language("a", "french")).status == 422);
    CHECK(code_of(answer(close("a"))) == "idempotency_key_reused");
    auto spaced = language("a", "german");
    spaced.body = R"({ "language" : "german" })";
    CHECK(answer(spaced).status == 200);
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(Routes, "two callers with the same key do not meet") {
    answer(language("a", "german"));
    auto other = language("a", "french");
    other.principal.label = "API key of somebody else";
    CHECK(answer(other).status == 200);
    CHECK(bank.language == "french");
}

TEST_CASE_FIXTURE(Routes, "a key may be used for something else after a day") {
    const HttpReply first = answer(language("a", "german"));
    let_pass(*domain::parse_uuid(member(first, "id")), "24 hours");
    CHECK(answer(language("a", "french")).status == 200);
    CHECK(bank.language == "french");
}

TEST_CASE_FIXTURE(Routes, "what failed is its problem with the action's id, and again the same") {
    bank.performs = {
        {.does = false, .answers = domain::Error{Errc::invalid_input, "The language is not known."}}};
    const HttpReply first = answer(language("a", "german"));
    CHECK(first.status == 422);
    CHECK(code_of(first) == "action_refused");
    CHECK(member(first, "detail") == "The language is not known.");
    const auto id = domain::parse_uuid(member(first, "action_id"));
    REQUIRE(id);
    CHECK(action(*id).state == "failed");
    CHECK(answer(language("a", "german")).body == first.body);
    CHECK(bank.asked.size() == 1);
}

TEST_CASE_FIXTURE(Routes, "every way to fail has a status of its own") {
    const std::map<Errc, int> statuses{{Errc::not_found, 404},
                                       {Errc::conflict, 409},
                                       {Errc::permission_denied, 403},
                                       {Errc::unauthenticated, 409}};
    for (const auto& [answered, status] : statuses) {
        bank.performs = {{.does = false, .answers = domain::Error{answered, "As the test says."}}};
        const HttpReply reply = answer(language(
            std::to_string(status) + code_of({}) + std::to_string(static_cast<int>(answered)), "german"));
        CHECK(reply.status == status);
        CHECK_FALSE(member(reply, "action_id").empty());
    }
}

TEST_CASE_FIXTURE(Routes, "what the provider accepted is answered with 202 at once, until it is finished") {
    const HttpReply accepted = answer(close("a"));
    CHECK(accepted.status == 202);
    CHECK(member(accepted, "state") == "accepted");
    CHECK(accepted.fields.find("Location") == "/v1/actions/" + member(accepted, "id"));
    CHECK(answer(close("a")).status == 202);
    bank.group_status = "closed";
    walk();
    work_off();
    CHECK(answer(close("a")).status == 200);
    CHECK(bank.asked == std::vector<std::string>{"perform"});
}

TEST_CASE_FIXTURE(Routes, "whoever asks is told where to look once they have waited long enough") {
    longest_wait = 50ms;
    bank.performs = {{.does = false, .answers = domain::Error{Errc::unavailable, "Nobody answers."}}};
    bank.looks.assign(50, {.answers = domain::Error{Errc::unavailable, "Nobody answers."}});
    const HttpReply waiting = answer(language("a", "german"));
    CHECK(waiting.status == 202);
    CHECK(waiting.fields.find("Location"));
    CHECK(answer(language("a", "german")).status == 409);
}

TEST_CASE_FIXTURE(Routes, "what the provider's rules do not allow is refused before anything is stored") {
    auto bad = language("a", "german");
    bad.body = R"({"language":"german","colour":1})";
    const HttpReply refused = answer(bad);
    CHECK(refused.status == 400);
    CHECK(refused.body.contains("/colour"));
    bad.body = R"({"language":"german","language":"french"})";
    CHECK(answer(bad).status == 400);
    bad.body = "[]";
    CHECK(answer(bad).status == 400);
    CHECK(value("SELECT count(*) FROM actions WHERE tenant_id = $T") == "0");
}

TEST_CASE_FIXTURE(Routes, "what is not there, is somebody else's, or has no id answers the same") {
    ActionFixture other;
    const HttpReply unknown = answer(asked(Endpoint::put_preferences, "a", to_text(id_of("none")), "{}"));
    CHECK(unknown.status == 404);
    for (const std::string& id : {to_text(other.profile()), std::string("no-id"), to_text(group())}) {
        CHECK(answer(asked(Endpoint::put_preferences, "a", id, "{}")).body == unknown.body);
    }
    auto deletion = asked(Endpoint::delete_attribute, "a", to_text(profile()), "");
    deletion.number = "8";
    CHECK(answer(deletion).body == unknown.body);
    deletion.number = "7";
    CHECK(answer(deletion).status == 200);
    CHECK(bank.attributes.empty());
}

TEST_CASE_FIXTURE(Routes, "a group is made for a profile that the body names") {
    const auto create = [&](const std::string& key, const std::string& body) {
        return asked(Endpoint::create_account_group, key, "", body);
    };
    CHECK(answer(create("a", "{}")).body.contains("/profile_id"));
    CHECK(answer(create("a", R"({"profile_id":"x"})")).status == 400);
    CHECK(answer(create("a", R"({"profile_id":")" + to_text(id_of("none")) + "\"}")).status == 404);
    const HttpReply made =
        answer(create("a", R"({"type":"personal","profile_id":")" + to_text(profile()) + "\"}"));
    CHECK(made.status == 200);
    CHECK(bank.groups_made == std::set<std::string>{member(made, "id")});
    CHECK(member(made, "object_id") == to_text(group("made-" + member(made, "id"))));
}

TEST_CASE_FIXTURE(Routes,
                  "without a connection that may change it, nothing is stored and the caller is told") {
    const auto refused = [&] {
        const HttpReply reply = answer(language("a", "german"));
        CHECK(reply.status == 409);
        return code_of(reply);
    };
    const std::string ours = " WHERE tenant_id = '" + to_text(tenant) + "'";
    database.run("UPDATE connections SET health = 'reauth_required'" + ours);
    CHECK(refused() == "no_connection_takes_it");
    database.run("UPDATE connections SET health = 'active', lifecycle = 'paused'" + ours);
    CHECK(refused() == "no_connection_takes_it");
    database.run("UPDATE connections SET lifecycle = 'enabled', self_profile = 'p2'" + ours);
    CHECK(refused() == "no_connection_takes_it");
    // A group is nobody's own.
    CHECK(answer(close("b")).status == 202);
    CHECK(value("SELECT count(*) FROM actions WHERE tenant_id = $T") == "1");
}

TEST_CASE_FIXTURE(Routes, "a service that is to stop lets nobody wait") {
    boost::asio::io_context io;
    api::ActionRoutes routes({store.actions(), *sealer, providers, clock, [] { return id_of("stopping"); },
                              [] {}, [] { return false; }});
    const HttpReply reply = run_task(io, routes.change(language("a", "german")));
    CHECK(reply.status == 202);
    CHECK(member(reply, "state") == "queued");
}
