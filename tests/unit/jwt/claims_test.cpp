// Tokens whose signature is good: what their claims may be.
#include <doctest/doctest.h>

#include "issuing.hpp"

using namespace tributary;
using namespace tributary::jwt;

namespace {

json::Value number(const char* lexeme) {
    return json::Number{lexeme};
}

/// A good token's claims as text, with something put at their beginning.
std::string claims_beginning_with(const Issuing& issuing, const std::string& more) {
    return "{" + more + json::write(issuing.claims()).substr(1);
}

std::string zeros(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += ",0";
    }
    return text;
}

}  // namespace

TEST_CASE_FIXTURE(Issuing, "a token's times are held against the clock with a minute of skew") {
    const auto with = [this](const char* claim, json::Value value) {
        return by.es256.sign(claims({{claim, std::move(value)}}));
    };
    check_cases(*this, {
                           {"exp 59 s ago", with("exp", now() - 59)},
                           {"exp 60 s ago", with("exp", now() - 60), expired},
                           {"exp 61 s ago", with("exp", now() - 61), expired},
                           {"exp last year", with("exp", now() - 31'536'000), expired},
                           {"nbf in 60 s", with("nbf", now() + 60)},
                           {"nbf in 61 s", with("nbf", now() + 61), too_early},
                           {"iat in 60 s", with("iat", now() + 60)},
                           {"iat in 61 s", with("iat", now() + 61), too_early},
                           {"iat absent", by.es256.sign(claims_without("iat"))},
                           {"exp absent", by.es256.sign(claims_without("exp")), "'exp'"},
                           {"exp a string", with("exp", std::to_string(now() + 300)), "'exp'"},
                           {"exp a fraction", with("exp", number("1800000300.5")), "'exp'"},
                           {"exp a whole fraction", with("exp", number("1800000300.0")), "'exp'"},
                           {"exp with an exponent", with("exp", number("18000003e2")), "'exp'"},
                           {"exp 2^63", with("exp", number("9223372036854775808")), "'exp'"},
                           {"exp 2^63-1", with("exp", number("9223372036854775807")), "'exp'"},
                           {"exp after the year 9999", with("exp", number("253402300800")), "'exp'"},
                           {"exp negative", with("exp", -1), "'exp'"},
                           {"exp zero", with("exp", 0), "'exp'"},
                           {"exp null", with("exp", json::Value()), "'exp'"},
                           {"exp a list", with("exp", json::Array{now() + 300}), "'exp'"},
                           {"nbf a string", with("nbf", std::to_string(now())), "'nbf'"},
                           {"iat a boolean", with("iat", true), "'iat'"},
                       });
}

TEST_CASE_FIXTURE(Issuing, "a token is for this service and from this issuer alone") {
    const auto with = [this](const char* claim, json::Value value) {
        return by.eddsa.sign(claims({{claim, std::move(value)}}));
    };
    check_cases(*this,
                {
                    {"iss with a slash behind", with("iss", "https://issuer.example/"), "'iss'"},
                    {"iss in capitals", with("iss", "https://ISSUER.example"), "'iss'"},
                    {"iss of somebody else", with("iss", "https://other.example"), "'iss'"},
                    {"iss a list", with("iss", json::Array{"https://issuer.example"}), "'iss'"},
                    {"iss absent", by.eddsa.sign(claims_without("iss")), "'iss'"},
                    {"aud a list with ours", with("aud", json::Array{"other", "tributary"})},
                    {"aud a list without ours", with("aud", json::Array{"other"}), "'aud'"},
                    {"aud a list with a number", with("aud", json::Array{"tributary", 1}), "'aud'"},
                    {"aud an empty list", with("aud", json::Array{}), "'aud'"},
                    {"aud of somebody else", with("aud", "other"), "'aud'"},
                    {"aud with ours as its beginning", with("aud", "tributary2"), "'aud'"},
                    {"aud with ours as a word", with("aud", "other tributary"), "'aud'"},
                    {"aud an object", with("aud", json::Object{{"tributary", true}}), "'aud'"},
                    {"aud absent", by.eddsa.sign(claims_without("aud")), "'aud'"},
                    {"bound to a certificate", with("cnf", json::Object{{"x5t#S256", "AAAA"}}), "'cnf'"},
                    {"bound to a key", with("cnf", json::Object{{"jkt", "AAAA"}}), "'cnf'"},
                    {"bound to nothing", with("cnf", json::Value()), "'cnf'"},
                });
}

TEST_CASE_FIXTURE(Issuing, "a token names who asks and for which tenant") {
    const auto with = [this](const char* claim, json::Value value) {
        return by.eddsa.sign(claims({{claim, std::move(value)}}));
    };
    check_cases(
        *this, {
                   {"sub absent", by.eddsa.sign(claims_without("sub")), "'sub'"},
                   {"sub empty", with("sub", ""), "'sub'"},
                   {"sub a number", with("sub", 7), "'sub'"},
                   {"sub with a line break", with("sub", "a\nb"), "'sub'"},
                   {"sub with a zero byte", with("sub", std::string("a\0b", 3)), "'sub'"},
                   {"sub with a C1 control", with("sub", "a\xC2\x85"), "'sub'"},
                   {"sub beyond ASCII", with("sub", "Bj\xC3\xB6rn")},
                   {"tenant absent", by.eddsa.sign(claims_without("tributary_tenant")), "'tributary_tenant'"},
                   {"tenant a list", with("tributary_tenant", json::Array{"main"}), "'tributary_tenant'"},
                   {"customer a number", with("tributary_customer", 1), "'tributary_customer'"},
                   {"customer null", with("tributary_customer", json::Value()), "'tributary_customer'"},
                   {"scope a list", with("scope", json::Array{"read"}), "'scope'"},
                   {"scope absent", by.eddsa.sign(claims_without("scope"))},
                   {"a claim that nobody knows", with("groups", json::Array{"a"})},
               });
}

TEST_CASE_FIXTURE(Issuing, "what is no object that all readers read alike is no token") {
    const auto of = [this](const std::string& payload) {
        return by.es256.sign_texts(json::write(by.es256.header()), payload);
    };
    const std::string good = json::write(claims());
    const char* unread = "claims are no JSON object";
    check_cases(
        *this, {
                   {"good text", of(good)},
                   {"sub twice", of(claims_beginning_with(*this, R"("sub":"root",)")), unread},
                   {"scope twice", of(claims_beginning_with(*this, R"("scope":"admin",)")), unread},
                   {"scope twice, once escaped", of(claims_beginning_with(*this, R"("\u0073cope":"admin",)")),
                    unread},
                   {"a member twice further down", of(claims_beginning_with(*this, R"("x":{"a":1,"a":2},)")),
                    unread},
                   {"a token in a token", of(by.es256.sign(claims())), unread},
                   {"a token in a token as a string", of("\"" + by.es256.sign(claims()) + "\""), unread},
                   {"a list", of("[" + good + "]"), unread},
                   {"empty", of(""), unread},
                   {"null", of("null"), unread},
                   {"behind a byte order mark", of("\xEF\xBB\xBF" + good), unread},
                   {"bytes that are no UTF-8", of(claims_beginning_with(*this, "\"x\":\"\xFF\",")), unread},
                   {"text behind it", of(good + "{}"), unread},
                   {"a comment", of("/**/" + good), unread},
                   {"more values than anybody needs",
                    of(claims_beginning_with(*this, "\"x\":[0" + zeros(1'100) + "],")), unread},
               });
}

TEST_CASE_FIXTURE(Issuing, "what a token grants is handed on as it stands") {
    tests::JwtGrant grant;
    grant.scope = "read  raw flying";
    grant.customer = "0194-customer";
    grant.subject = "dashboard";
    const auto verified = verify(by.rs256.sign(tests::jwt_claims(grant, clock.wall)));
    REQUIRE(verified);
    CHECK(verified->subject == "dashboard");
    CHECK(verified->tenant == "main");
    CHECK(verified->scopes == std::vector<std::string>{"read", "raw", "flying"});
    CHECK(verified->customer == "0194-customer");
    CHECK(verified->expires_at == clock.wall + std::chrono::seconds(300));
    const auto without = verify(by.rs256.sign(claims()));
    REQUIRE(without);
    CHECK_FALSE(without->customer);
}
