#include "tests/sandbox/tdx/sessions.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/tdx/error_reply.hpp"

namespace tributary::sandbox {

namespace {

std::string base64_url(std::string_view bytes) {
    std::string text = crypto::base64(bytes);
    text.resize(text.find_last_not_of('=') + 1);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

/// The members of a JSON body; nothing where the Content-Type or the body is something else.
std::optional<json::Object> body_of(const HttpRequest& request) {
    if (!request.fields.find("Content-Type").value_or("").starts_with("application/json"))
        return std::nullopt;
    auto parsed = json::parse(request.body);
    json::Object* object = parsed ? parsed->root.if_object() : nullptr;
    return object == nullptr ? std::nullopt : std::optional(std::move(*object));
}

std::string text_at(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

std::int64_t unix_seconds(domain::Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

bool may_log_in(const World& world, const TdxLogin& login) {
    const Item* user = world.of(Kind::tdx_user).find(login.user_id);
    return user != nullptr && text_at(object_of(*user), "status") == "STATUS_ACTIVE";
}

}  // namespace

TdxSessions::TdxSessions(const World& world, const SandboxClock& clock)
    : world_(world), clock_(clock), rng_(world.seed, "tdx tokens") {}

HttpReply TdxSessions::login(const HttpRequest& request) {
    const auto body = body_of(request);
    if (!body)
        return tdx_error(400, "a JSON body with Content-Type application/json is required",
                         "INVALID_ARGUMENTS");
    const std::string username = text_at(*body, "username");
    const auto login = std::ranges::find_if(world_.tdx_logins, [&username](const TdxLogin& candidate) {
        return !candidate.by_api_key && candidate.username == username;
    });
    const bool known = login != world_.tdx_logins.end() && login->password == text_at(*body, "password");
    if (!known || !may_log_in(world_, *login))
        return tdx_error(401, "invalid username or password", "UNAUTHENTICATED");
    if (!login->totp_secret.empty()) {
        const std::string challenge = text_at(*body, "challenge");
        if (challenge.empty()) return tdx_error(401, "a one-time password is required", "MFA_REQUIRED");
        if (!take_challenge(*login, challenge))
            return tdx_error(401, "invalid one-time password", "UNAUTHENTICATED");
    }
    if (!text_at(*body, "deviceId").empty()) {
        std::erase_if(sessions_, [&login](const Session& session) { return session.login == &*login; });
    }
    Session session;
    session.login = &*login;
    session.opened = clock_.lifetime_now();
    renew(session);
    sessions_.push_back(session);
    return describe(session);
}

HttpReply TdxSessions::refresh(const HttpRequest& request) {
    const auto body = body_of(request);
    if (!body)
        return tdx_error(400, "a JSON body with Content-Type application/json is required",
                         "INVALID_ARGUMENTS");
    const auto session =
        std::ranges::find(sessions_, text_at(*body, "refreshToken"), &Session::refresh_token);
    if (session == sessions_.end() || clock_.lifetime_now() >= session->opened + session_life) {
        return tdx_error(401, "the session is over", "UNAUTHENTICATED");
    }
    renew(*session);
    return describe(*session);
}

const TdxLogin* TdxSessions::bearer(std::string_view token) const {
    const auto session = std::ranges::find(sessions_, token, &Session::access_token);
    if (session == sessions_.end()) return nullptr;
    const domain::Timestamp now = clock_.lifetime_now();
    const bool over = now >= session->access_given + access_life || now >= session->opened + session_life;
    return over ? nullptr : session->login;
}

bool TdxSessions::take_challenge(const TdxLogin& login, const std::string& challenge) {
    const std::int64_t now = unix_seconds(clock_.now()) / 30;
    for (const std::int64_t step : {now, now - 1, now + 1}) {
        const auto code = crypto::totp(login.totp_secret, static_cast<std::uint64_t>(step * 30));
        if (code != challenge) continue;
        const auto last = last_step_.find(login.name);
        if (last != last_step_.end() && step <= last->second) return false;
        last_step_[login.name] = step;
        return true;
    }
    return false;
}

void TdxSessions::renew(Session& session) {
    const std::int64_t now = unix_seconds(clock_.now());
    const json::Object claims{{"aud", "tdx"},
                              {"exp", now + access_life.count()},
                              {"iat", now},
                              {"iss", "t-dx"},
                              {"sub", session.login->user_id},
                              {"jti", rng_.uuid()},
                              {"uid", session.login->user_id},
                              {"un", session.login->username},
                              {"mfa", !session.login->totp_secret.empty()}};
    session.access_given = clock_.lifetime_now();
    session.access_token = base64_url(R"({"alg":"RS256","typ":"JWT"})") + "." +
                           base64_url(json::write(claims)) + "." + base64_url(rng_.bytes(48));
    session.refresh_token = rng_.uuid();
}

HttpReply TdxSessions::describe(const Session& session) const {
    // Reported times are in the provider's clock, without what was added to the age of things.
    const auto until = [this](domain::Timestamp since, std::chrono::seconds life) {
        return domain::to_text(clock_.now() + (since + life - clock_.lifetime_now()));
    };
    return json_reply(
        200, json::Object{{"result", json::Object{
                                         {"accessToken", session.access_token},
                                         {"refreshToken", session.refresh_token},
                                         {"accessExpiresAt", until(session.access_given, access_life)},
                                         {"sessionExpiresAt", until(session.opened, session_life)},
                                     }}});
}

}  // namespace tributary::sandbox
