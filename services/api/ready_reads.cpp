#include "services/api/ready_reads.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "domain/http/accept.hpp"
#include "domain/http/grammar.hpp"
#include "services/api/conditional.hpp"
#include "services/api/ready_document.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::AtOnce;
using domain::ports::ConnectionMemory;
using domain::ports::FieldView;
using domain::ports::ReadyReply;
using domain::ports::RequestView;

namespace {

constexpr std::size_t uuid_size = 36;
/// For so long nobody waits twice for a database that is in trouble.
constexpr std::chrono::seconds after_failure{1};

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

/// What this document is to who has that copy of it.
void fill(ReadyReply& reply, const cache::ReadyDocument& document, bool is_held) {
    reply.status = is_held ? 304 : 200;
    reply.fields = is_held ? document.unchanged_fields() : document.fields();
    reply.body = is_held ? std::string_view() : document.body();
}

void append_varying(std::string& out, const domain::Position& position,
                    const std::optional<RateVerdict>& rate) {
    out.append("Tributary-Position: ").append(to_text(position)).append("\r\n");
    if (rate) {
        append_rate(out, *rate);
    }
}

}  // namespace

struct ReadyReads::Question {
    std::size_t kind = 0;
    Uuid id;
    std::string_view credentials;
    std::optional<domain::Position> not_before;
    /// Empty: whatever there is is sent.
    std::string_view held;
};

/// Who asks on a connection: looked up once, and again when it may be over.
struct ReadyReads::Caller final : ConnectionMemory {
    std::string credentials;
    Authenticator::Known known;
    Uuid id;
    bool masked = true;
    /// By place in `kinds`.
    std::array<bool, kinds.size()> may_read{};
    /// What has to be fetched, and what was taken for it.
    Question wanted;
    std::optional<RateVerdict> rate;
};

ReadyReads::ReadyReads(ReadyTools tools, std::span<const Route> routes) : tools_(tools) {
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
    const bool is_one_tag = held.value.starts_with("W/\"") && !held.value.contains(',');
    if (!held.value.empty() && !is_one_tag) {
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

ReadyReads::Caller* ReadyReads::caller_of(std::string_view credentials,
                                          std::unique_ptr<ConnectionMemory>& memory) {
    // Nobody else leaves anything there.
    auto* caller = static_cast<Caller*>(memory.get());
    if (caller != nullptr && caller->credentials == credentials &&
        tools_.authenticator.still_holds(caller->known)) {
        return caller;
    }
    auto known = tools_.authenticator.known(credentials);
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

AtOnce ReadyReads::answer(const RequestView& request, std::unique_ptr<ConnectionMemory>& memory,
                          ReadyReply& reply) {
    const auto question = question_of(request);
    if (!question) {
        return AtOnce::no;
    }
    const Kind& kind = kinds_[question->kind];
    Caller* caller = caller_of(question->credentials, memory);
    if (caller == nullptr || !caller->may_read[question->kind]) {
        return AtOnce::no;
    }
    const Uuid& tenant = caller->known.principal.tenant;
    auto [copy, position] = tools_.copies.find({tenant, question->id, caller->masked}, question->not_before);
    const bool is_there = copy && copy->kind == kind.kind;
    // Who must not get what is older than a position waits for it the usual way.
    if (!is_there && (copy || question->not_before)) {
        return AtOnce::no;
    }
    if (!is_there && tools_.clock.steady_now() < resume_.load(std::memory_order_relaxed)) {
        return AtOnce::no;
    }
    const auto rate = tools_.rates.take(caller->id);
    if (rate && !rate->admitted) {
        return AtOnce::no;
    }
    if (!is_there) {
        caller->wanted = *question;
        caller->rate = rate;
        return AtOnce::later;
    }
    fill(reply, *copy, question->held == copy->etag && !copy->etag.empty());
    reply.route = kind.route;
    append_varying(reply.varying, position, rate);
    reply.owner = std::move(copy);
    return AtOnce::answered;
}

domain::ports::Task<bool> ReadyReads::fetch(ConnectionMemory& memory, ReadyReply& reply) {
    // Nobody else leaves anything there.
    const auto& caller = static_cast<const Caller&>(memory);
    const Question& wanted = caller.wanted;
    const Kind& kind = kinds_[wanted.kind];
    const Uuid tenant = caller.known.principal.tenant;
    // Before the load: what changes from now on is heard of.
    const auto feed = tools_.copies.feed_of(tenant);
    const auto load = co_await tools_.store.load(tenant, kind.kind, wanted.id);
    if (!load) {
        resume_.store(tools_.clock.steady_now() + after_failure, std::memory_order_relaxed);
    }
    if (!load || !load->document) {
        // Gone elsewhere, never there, or out of reach: the usual way finds the words.
        if (caller.rate) {
            tools_.rates.give_back(caller.id);
        }
        co_return false;
    }
    const auto told = tools_.texts.of(load->told);
    auto ready = ready_document(*load, *told, caller.masked ? Variant::masked : Variant::full, feed);
    const domain::Position position = position_of(load->moment);
    if (feed) {
        tools_.copies.keep({tenant, wanted.id, caller.masked}, ready);
    }
    // Also of a feed that began meanwhile.
    tools_.copies.told(tenant, position);
    fill(reply, *ready, wanted.held == ready->etag && !ready->etag.empty());
    reply.route = kind.route;
    append_varying(reply.varying, position, caller.rate);
    reply.owner = std::move(ready);
    co_return true;
}

}  // namespace tributary::api
