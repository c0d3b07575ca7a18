// Changes that callers order: what the sandbox takes, refuses, shows afterwards and counts.
#include <doctest/doctest.h>

#include <algorithm>

#include "bench.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

constexpr std::string_view german =
    R"({"language":"LANGUAGE_GERMAN","notifications":{"orderPlacement":true,"orderConfirmation":false,"orderCancellation":true,"settlementLine":false}})";
constexpr std::string_view key = "70cbeefd-064c-5893-8c0b-92ad9db20add";

std::string attribute(const std::string& value) {
    return R"({"attributes":[{"type":"preference","subType":"ui","key":"zoom","value":")" + value +
           R"(","contentType":"text/plain"}]})";
}

/// How often an effect happened; 0 where it never did.
std::string count_of(Bench& bench, std::string_view effect) {
    const json::Value report = body_of(bench.control("GET", "/effects"));
    for (const json::Value& row : array_at(report, {"effects"})) {
        if (text_at(row, {"effect"}) == effect) return at(row, {"count"}).if_number()->lexeme;
    }
    return "0";
}

struct Tdx : Bench {
    const TdxLogin& login = tdx_named("tdx-02");

    HttpReply change(std::string method, std::string_view target, std::string body = {}) {
        return tdx(tdx_change(login, std::move(method), target, std::move(body)));
    }

    HttpReply get(std::string_view target) { return tdx(tdx_signed(login, target)); }
};

struct Upvest : Bench {
    const UpvestClient& client = world().upvest_clients[0];
    std::string token = upvest_token(client, "accounts:read accounts:admin users:read");
    std::string user = world().of(Kind::upvest_user).of(client.name).front()->id;

    std::string creation() const { return R"({"user_id":")" + user + R"(","type":"PERSONAL"})"; }

    HttpReply create(const std::string& body, std::string_view idempotency_key = key) {
        return upvest(upvest_post(client, "/account_groups", token, std::string(idempotency_key), body));
    }

    HttpReply close(const std::string& id, std::string_view query = "closure_reason=user_initiated") {
        return upvest(upvest_delete(client, "/account_groups/" + id + "?" + std::string(query), token));
    }

    HttpReply get(std::string_view target) { return upvest(upvest_get(client, target, token)); }

    std::string made() { return text_at(body_of(create(creation())), {"id"}); }

    std::string status_of(const std::string& id) {
        return text_at(body_of(get("/account_groups/" + id)), {"status"});
    }
};

}  // namespace

TEST_CASE("put preferences show in the next read and in the ground truth, with the time of the change") {
    Tdx bench;
    const HttpReply reply = bench.change("PUT", "/users/me/preferences", std::string(german));
    CHECK(reply.status == 200);
    CHECK(reply.body.empty());
    const json::Value seen = at(body_of(bench.get("/users/me/preferences")), {"result"});
    CHECK(text_at(seen, {"language"}) == "LANGUAGE_GERMAN");
    CHECK(text_at(seen, {"updatedAt"}) == domain::to_text(bench.now));
    CHECK((at(bench.population(), {"tdx", "tdx-02", "preferences"}) == seen));
    CHECK(count_of(bench, "preferences_changed") == "1");
    bench.change("PUT", "/users/me/preferences", std::string(german));
    CHECK(count_of(bench, "preferences_changed") == "1");
    CHECK(count_of(bench, "preferences_repeated") == "1");
}

TEST_CASE("T-DX refuses preferences that are not whole, and changes nothing") {
    Tdx bench;
    const std::string before = bench.get("/users/me/preferences").body;
    for (const std::string body :
         {R"({"language":"LANGUAGE_GERMAN"})", R"({"language":"german","notifications":{}})", "[]", "{"}) {
        CHECK(bench.change("PUT", "/users/me/preferences", body).status == 400);
    }
    CHECK(bench.change("PUT", "/users/me/preferences").status == 400);
    CHECK(bench.get("/users/me/preferences").body == before);
    CHECK(count_of(bench, "preferences_changed") == "0");
}

TEST_CASE("a T-DX change is refused where the signature covers another body or no content type") {
    Tdx bench;
    HttpRequest forged = bench.tdx_change(bench.login, "PUT", "/users/me/preferences", std::string(german));
    forged.body.replace(forged.body.find("true"), 4, "null");
    CHECK(bench.tdx(forged).status == 401);
    const HttpRequest bare =
        with_header(bench.tdx_change(bench.login, "PUT", "/users/me/preferences", std::string(german)),
                    "Content-Type", {});
    CHECK(bench.tdx(bare).status == 401);
    CHECK(count_of(bench, "preferences_changed") == "0");
}

TEST_CASE("an attribute is made once, then replaced by its type, sub-type and key, then deleted") {
    Tdx bench;
    CHECK(bench.change("POST", "/users/me/attributes", attribute("big")).status == 200);
    CHECK(bench.change("POST", "/users/me/attributes", attribute("big")).status == 200);
    CHECK(bench.change("POST", "/users/me/attributes", attribute("small")).status == 200);
    CHECK(count_of(bench, "attribute_created") == "1");
    CHECK(count_of(bench, "attribute_repeated") == "1");
    CHECK(count_of(bench, "attribute_changed") == "1");
    const json::Value list = body_of(bench.get("/users/me/attributes"));
    const json::Array& items = array_at(list, {"result"});
    const auto made =
        std::ranges::find_if(items, [](const json::Value& item) { return text_at(item, {"key"}) == "zoom"; });
    REQUIRE(made != items.end());
    CHECK(text_at(*made, {"value"}) == "small");
    const std::string one = "/users/me/attributes/" + text_at(*made, {"id"});
    CHECK(bench.change("DELETE", one).status == 200);
    CHECK(bench.get(one).status == 404);
    CHECK(bench.change("DELETE", one).status == 404);
    CHECK(count_of(bench, "attribute_deleted") == "1");
}

TEST_CASE("T-DX refuses attributes with a member missing, unknown or empty") {
    Tdx bench;
    for (const std::string body :
         {R"({"attributes":[]})", R"({"attributes":[{"type":"a","subType":"b","key":"c","value":"d"}]})",
          R"({"attributes":[{"type":"a","subType":"b","key":"","value":"d","contentType":"e"}]})",
          R"({"attributes":[{"type":"a","subType":"b","key":"c","value":"d","contentType":"e","x":"y"}]})"}) {
        CHECK(bench.change("POST", "/users/me/attributes", body).status == 400);
    }
    CHECK(count_of(bench, "attribute_created") == "0");
}

TEST_CASE("a made account group stands in the lists and the ground truth") {
    Upvest bench;
    const HttpReply reply = bench.create(bench.creation());
    REQUIRE(reply.status == 200);
    const json::Value group = body_of(reply);
    CHECK(text_at(group, {"status"}) == "PENDING_APPROVAL");
    CHECK(text_at(group, {"created_at"}) == domain::to_text(bench.now));
    const std::string id = text_at(group, {"id"});
    CHECK((body_of(bench.get("/account_groups/" + id)) == group));
    const auto holds = [&group](const json::Array& groups) {
        return std::ranges::find(groups, group) != groups.end();
    };
    CHECK(holds(array_at(body_of(bench.get("/users/" + bench.user + "/account_groups")), {"data"})));
    CHECK(holds(array_at(bench.population(), {"upvest", bench.client.name, "account_groups"})));
    CHECK(count_of(bench, "account_group_created") == "1");
}

TEST_CASE("a key gets its answer again and no second group, another body under it is refused") {
    Upvest bench;
    const HttpReply first = bench.create(bench.creation());
    const HttpReply again = bench.create(bench.creation());
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    CHECK(slug_of(bench.create(R"({"user_id":")" + bench.user + R"(","type":"ISA"})")) ==
          "unprocessable_entity");
    CHECK(count_of(bench, "account_group_created") == "1");
    CHECK(bench.create(bench.creation(), "70cbeefd-064c-4893-8c0b-92ad9db20ade").status == 200);
    CHECK(count_of(bench, "account_group_created") == "2");
}

TEST_CASE("a creation without a key, with one of version 7, or that no user can have is refused") {
    Upvest bench;
    CHECK(slug_of(bench.create(bench.creation(), "")) == "missing_idempotency_key");
    CHECK(bench.create(bench.creation(), "0190c4b2-0000-7000-8000-0000000000aa").status == 400);
    CHECK(bench.create(bench.creation(), "no-key").status == 400);
    CHECK(bench.create(R"({"user_id":"413715f2-5401-4b97-8055-034a6b879f8c","type":"PERSONAL"})").status ==
          404);
    CHECK(bench.create(R"({"user_id":")" + bench.user + R"(","type":"BUSINESS"})").status == 400);
    CHECK(bench.create("{}").status == 400);
    CHECK(count_of(bench, "account_group_created") == "0");
}

TEST_CASE("making and closing need accounts:admin") {
    Upvest bench;
    const std::string id = bench.made();
    bench.token = bench.upvest_token(bench.client, "accounts:read users:read");
    CHECK(bench.create(bench.creation(), "70cbeefd-064c-4893-8c0b-92ad9db20ade").status == 403);
    CHECK(bench.close(id).status == 403);
}

TEST_CASE("a creation whose body or idempotency key is not covered is refused") {
    Upvest bench;
    HttpRequest forged =
        bench.upvest_post(bench.client, "/account_groups", bench.token, std::string(key), bench.creation());
    forged.body.replace(forged.body.find("PERSONAL"), 8, "BUSINESS");
    CHECK(bench.upvest(forged).status == 401);
    const HttpRequest late =
        with_header(bench.upvest_post(bench.client, "/account_groups", bench.token, "", bench.creation()),
                    "idempotency-key", std::string(key));
    CHECK(bench.upvest(late).status == 401);
    CHECK(count_of(bench, "account_group_created") == "0");
}

TEST_CASE("a closing group is CLOSING until the control closes it, and cannot be closed again") {
    Upvest bench;
    const std::string id = bench.made();
    CHECK(bench.close(id, "closure_reason=aml&notification_only=true").status == 202);
    CHECK(bench.status_of(id) == "PENDING_APPROVAL");
    const HttpReply reply = bench.close(id);
    CHECK(reply.status == 202);
    CHECK(reply.body.empty());
    CHECK(bench.status_of(id) == "CLOSING");
    CHECK(slug_of(bench.close(id)) == "conflict");
    CHECK(bench.control("POST", "/closings", R"({"ids":[")" + id + R"("]})").status == 200);
    CHECK(bench.status_of(id) == "CLOSED");
    CHECK(bench.close(id).status == 409);
    CHECK(bench.control("POST", "/closings", R"({"ids":[")" + id + R"("]})").status == 400);
    CHECK(count_of(bench, "account_group_closing_announced") == "1");
    CHECK(count_of(bench, "account_group_closing_initiated") == "1");
    CHECK(count_of(bench, "account_group_closed") == "1");
}

TEST_CASE("a closing of no known group, for no known reason or of another client is refused") {
    Upvest bench;
    const std::string id = bench.made();
    CHECK(bench.close(id, "closure_reason=boredom").status == 400);
    CHECK(bench.close(id, "notification_only=true").status == 400);
    CHECK(bench.close(id, "closure_reason=aml&notification_only=1").status == 400);
    CHECK(bench.close("413715f2-5401-4b97-8055-034a6b879f8c").status == 404);
    const auto& stranger = bench.world().of(Kind::upvest_account_group).of("upvest-02");
    REQUIRE_FALSE(stranger.empty());
    CHECK(bench.close(stranger.front()->id).status == 404);
    CHECK(bench.status_of(id) == "PENDING_APPROVAL");
}

TEST_CASE("a cut or a delay comes after the effect, an answer in the provider's place instead of it") {
    Upvest bench;
    bench.control("POST", "/faults", R"({"faults":[
        {"provider":"upvest","path_prefix":"/account_groups","method":"POST","status":503},
        {"provider":"upvest","path_prefix":"/account_groups","method":"POST","cut":true},
        {"provider":"upvest","path_prefix":"/account_groups","method":"POST","delay_ms":30}]})");
    const auto create = [&bench] {
        return bench.sandbox.upvest(bench.upvest_post(bench.client, "/account_groups", bench.token,
                                                      std::string(key), bench.creation()));
    };
    CHECK(create().reply.status == 503);
    CHECK(count_of(bench, "account_group_created") == "0");
    CHECK(create().cut);
    CHECK(count_of(bench, "account_group_created") == "1");
    const Exchange late = create();
    CHECK(late.delay == std::chrono::milliseconds(30));
    CHECK(late.reply.status == 200);
    CHECK(count_of(bench, "account_group_created") == "1");
    bench.control("DELETE", "/effects");
    CHECK(count_of(bench, "account_group_created") == "0");
}
