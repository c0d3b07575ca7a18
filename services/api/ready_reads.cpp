#include "services/api/ready_reads.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "domain/http/accept.hpp"
#include "domain/http/grammar.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::ConnectionMemory;
using domain::ports::FieldView;
using domain::ports::HttpReply;
using domain::ports::ReadyReply;
using domain::ports::RequestView;

namespace {

constexpr std::size_t uuid_size = 36;

/// One field that must come once, where it comes.
struct Once {
    std::string_view value;
    int times = 0;

    /// True where the field is this one.
    bool take(std::string_view name, const FieldView& field) {
        if (!http::same_name(name, field.name)) {
            return false;
        }
        value = field.value;
        ++times;
        return true;
    }
};

bool accepts_json(const Once& accept) {
    return accept.times == 0 || accept.value == "*/*" || accept.value == "application/json" ||
           http::accepts(accept.value, {"application/json", "application/problem+json"});
}

void append(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_rate(std::string& out, const RateVerdict& rate) {
    out += "RateLimit-Policy: \"default\";q=";
    append(out, rate.quota);
    out += ";w=60\r\nRateLimit: \"default\";r=";
    append(out, static_cast<std::uint64_t>(rate.remaining));
    out += ";t=";
    append(out, static_cast<std::uint64_t>(rate.reset.count()));
    out += "\r\n";
}

EntityKind kind_of(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::customer:
            return EntityKind::customer;
        case Endpoint::account:
            return EntityKind::account;
        case Endpoint::sub_account:
            return EntityKind::sub_account;
        case Endpoint::account_group:
            return EntityKind::account_group;
        default:
            return EntityKind::other;
    }
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

/// Who asks on a connection: looked up once, and again when it may be over.
struct ReadyReads::Caller final : ConnectionMemory {
    std::string credentials;
    Authenticator::Known known;
    Uuid id;
    bool masked = true;
    /// By place in `kinds`.
    std::array<bool, kinds.size()> may_read{};
};

struct ReadyReads::Question {
    std::size_t kind = 0;
    Uuid id;
    std::string_view credentials;
    std::optional<domain::Position> not_before;
    /// Empty: whatever there is is sent.
    std::string_view held;
};

ReadyReads::ReadyReads(cache::Copies& copies, Authenticator& authenticator, RateLimits& rates,
                       std::span<const Route> routes)
    : copies_(copies), authenticator_(authenticator), rates_(rates) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto route = std::ranges::find(
            routes, kinds[i], [](const Route& candidate) { return kind_of(candidate.endpoint); });
        if (route != routes.end()) {
            std::string path = template_of(*route);
            kinds_[i] = {kinds[i], path.substr(0, path.find('{')), path, std::string(route->scope)};
        }
    }
}

std::optional<ReadyReads::Question> ReadyReads::question_of(const RequestView& request) const {
    if ((request.method != "GET" && request.method != "HEAD") || !request.query.empty()) {
        return std::nullopt;
    }
    const auto kind = std::ranges::find_if(kinds_, [&](const Kind& one) {
        return request.path.size() == one.prefix.size() + uuid_size && request.path.starts_with(one.prefix);
    });
    if (kind == kinds_.end()) {
        return std::nullopt;
    }
    const auto id = domain::parse_uuid(request.path.substr(kind->prefix.size()));
    if (!id) {
        return std::nullopt;
    }
    Once authorization;
    Once accept;
    Once held;
    Once not_before;
    for (const FieldView& field : request.fields) {
        authorization.take("Authorization", field) || accept.take("Accept", field) ||
            held.take("If-None-Match", field) || not_before.take("Min-Position", field);
    }
    if (authorization.times != 1 || accept.times > 1 || held.times > 1 || not_before.times > 1 ||
        !accepts_json(accept)) {
        return std::nullopt;
    }
    Question question{static_cast<std::size_t>(kind - kinds_.begin()), *id, authorization.value, std::nullopt,
                      held.value};
    if (not_before.times > 0) {
        question.not_before = domain::parse_position(not_before.value);
        if (!question.not_before) {
            return std::nullopt;
        }
    }
    return question;
}

const ReadyReads::Caller* ReadyReads::caller_of(std::string_view credentials,
                                                std::unique_ptr<ConnectionMemory>& memory) {
    // Nobody else leaves anything there.
    auto* caller = static_cast<Caller*>(memory.get());
    if (caller != nullptr && caller->credentials == credentials &&
        authenticator_.still_holds(caller->known)) {
        return caller;
    }
    auto known = authenticator_.known(credentials);
    if (!known) {
        return nullptr;
    }
    auto fresh = std::make_unique<Caller>();
    fresh->credentials = credentials;
    fresh->id = api::caller_of(known->principal);
    fresh->masked = variant_of(known->principal) == Variant::masked;
    std::ranges::transform(kinds_, fresh->may_read.begin(), [&](const Kind& kind) {
        const auto& scopes = known->principal.scopes;
        return std::ranges::find(scopes, kind.scope) != scopes.end();
    });
    fresh->known = std::move(*known);
    caller = fresh.get();
    memory = std::move(fresh);
    return caller;
}

bool ReadyReads::answer(const RequestView& request, std::unique_ptr<ConnectionMemory>& memory,
                        ReadyReply& reply) {
    if (!copies_.is_on()) {
        return false;
    }
    const auto question = question_of(request);
    if (!question) {
        return false;
    }
    const Kind& kind = kinds_[question->kind];
    const Caller* caller = caller_of(question->credentials, memory);
    if (caller == nullptr || !caller->may_read[question->kind]) {
        return false;
    }
    const Uuid& tenant = caller->known.principal.tenant;
    auto copy = copies_.find({tenant, question->id, caller->masked}, question->not_before);
    if (!copy || copy->kind != kind.kind) {
        return false;
    }
    const bool is_held = !question->held.empty() && question->held == copy->etag;
    const bool is_exotic = question->held.contains(',') || question->held == "*" ||
                           (!question->held.empty() && !question->held.starts_with("W/\""));
    if (is_exotic && !is_held) {
        return false;
    }
    const auto rate = rates_.take(caller->id);
    if (rate && !rate->admitted) {
        return false;
    }
    reply.status = is_held ? 304 : 200;
    reply.fields = is_held ? copy->unchanged_fields() : copy->fields();
    reply.body = is_held ? std::string_view() : copy->body();
    reply.route = kind.route;
    append_line(reply.varying, "Tributary-Position", to_text(copy->feed->position()));
    if (rate) {
        append_rate(reply.varying, *rate);
    }
    reply.owner = std::move(copy);
    return true;
}

std::shared_ptr<const cache::ReadyDocument> copy_of(const HttpReply& answer,
                                                    const std::shared_ptr<cache::TenantFeed>& feed,
                                                    const domain::ports::DocumentLoad& load) {
    auto copy = std::make_shared<cache::ReadyDocument>();
    copy->kind = load.document->kind;
    copy->loaded_at = load.moment.number;
    copy->feed = feed;
    for (const auto& [subject, at] : load.marks) {
        copy->stamps.push_back(feed->stamp(subject, at));
    }
    std::string unchanged;
    std::string bytes;
    for (const auto& [name, value] : answer.fields) {
        append_line(bytes, name, value);
        // What a body is in is told with a body.
        if (name != "Content-Type") {
            append_line(unchanged, name, value);
        }
    }
    copy->fields_size = bytes.size();
    copy->unchanged_fields_size = unchanged.size();
    bytes += unchanged;
    bytes += answer.body;
    bytes.shrink_to_fit();
    copy->bytes = std::move(bytes);
    if (const auto tag = answer.fields.find("ETag")) {
        const std::size_t at = copy->fields().find(*tag);
        copy->etag = copy->fields().substr(at, tag->size());
    }
    return copy;
}

}  // namespace tributary::api
