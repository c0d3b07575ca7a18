// A sandbox without sockets on a clock that stands still, and clients that speak to it properly unless told
// otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/control/sandbox.hpp"

namespace tributary::sandbox {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// `target` is path and query.
HttpRequest make_request(std::string method, std::string_view target, const Headers& headers,
                         std::string body = {});
/// The same request with a header replaced, or left out where the value is nothing.
HttpRequest with_header(const HttpRequest& request, std::string_view name, std::optional<std::string> value);
json::Value body_of(const HttpReply& reply);
/// Follows the members of objects; a missing one fails the test.
const json::Value& at(const json::Value& value, std::initializer_list<std::string_view> keys);
std::string text_at(const json::Value& value, std::initializer_list<std::string_view> keys);
const json::Array& array_at(const json::Value& value, std::initializer_list<std::string_view> keys);
/// A member of an RFC 7807 or other body by the last segment of its text.
std::string slug_of(const HttpReply& reply);

struct Bench {
    explicit Bench(std::size_t upvest_groups = 300);

    HttpReply control(std::string method, std::string_view path, std::string body = {});

    json::Value population() { return body_of(control("GET", "/population")); }

    /// A tastytrade request with a token of this login.
    HttpRequest tasty_get(std::string_view target, const std::string& token) const;
    std::string tasty_token(const TastytradeLogin& login);

    HttpReply tasty(const HttpRequest& request) { return sandbox.tastytrade(request).reply; }

    /// A T-DX request signed with the login's key; `content_type` is sent and signed where given.
    HttpRequest tdx_signed(const TdxLogin& login, std::string_view target, std::string content_type = {});
    /// The same with a method and a JSON body, which may be empty.
    HttpRequest tdx_change(const TdxLogin& login, std::string method, std::string_view target,
                           std::string body);
    HttpRequest tdx_login(const TdxLogin& login, const std::string& challenge) const;
    std::string tdx_code(const TdxLogin& login) const;

    HttpReply tdx(const HttpRequest& request) { return sandbox.tdx(request).reply; }

    /// Signs a request as v15 over the given components, all required ones by default.
    HttpRequest upvest_signed(const UpvestClient& client, HttpRequest request,
                              std::vector<std::string> components = {}, std::string nonce = {});
    HttpRequest upvest_get(const UpvestClient& client, std::string_view target, const std::string& token);
    /// POST with a JSON body and, where it is not empty, an idempotency key.
    HttpRequest upvest_post(const UpvestClient& client, std::string_view target, const std::string& token,
                            const std::string& idempotency_key, const std::string& body);
    HttpRequest upvest_delete(const UpvestClient& client, std::string_view target, const std::string& token);
    HttpRequest upvest_token_call(const UpvestClient& client, const std::string& scope);
    std::string upvest_token(const UpvestClient& client,
                             const std::string& scope = "accounts:read users:read");

    HttpReply upvest(const HttpRequest& request) { return sandbox.upvest(request).reply; }

    const TdxLogin& tdx_named(std::string_view name) const;

    const World& world() const { return sandbox.world(); }

  private:
    HttpRequest tdx_sign(const TdxLogin& login, HttpRequest request);

  public:
    domain::Timestamp now{std::chrono::seconds(1'790'000'000)};
    Sandbox sandbox;
    Rng rng{7, "bench"};
};

}  // namespace tributary::sandbox
