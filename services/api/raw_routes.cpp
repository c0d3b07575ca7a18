#include "services/api/raw_routes.hpp"

#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "services/api/me.hpp"
#include "services/api/merged_reply.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::ports::HttpReply;
using domain::ports::RawItem;
using domain::ports::Task;

namespace {

/// The payload goes in as text: taken apart and written anew it could lose what makes it worth asking for.
std::string item_text(const RawItem& item) {
    json::Object source{{"connection_id", to_text(item.source.connection_id)},
                        {"provider", item.provider},
                        {"stream", item.source.stream},
                        {"provider_id", item.provider_id},
                        {"recorded_at", domain::to_text(item.recorded_at)}};
    if (item.source_updated_at) {
        source.push_back({"source_updated_at", domain::to_text(*item.source_updated_at)});
    }
    return domain::with_member(json::write(source), "raw", item.raw);
}

HttpReply raw_reply(std::span<const RawItem> items) {
    std::string body = R"({"items":[)";
    for (const RawItem& item : items) {
        body += (body.ends_with('[') ? "" : ",") + item_text(item);
    }
    HttpReply reply;
    reply.fields.add("Content-Type", "application/json");
    reply.fields.add("Cache-Control", "private, no-store");
    reply.fields.add("Vary", "Authorization, Accept");
    reply.body = body + "]}";
    return reply;
}

}  // namespace

RawRoutes::RawRoutes(domain::ports::ReadStore& store) : store_(store) {}

Task<HttpReply> RawRoutes::raw(RequestContext asked, domain::EntityKind kind) {
    if (kind == domain::EntityKind::customer) {
        auto resolved = co_await me_resolved(store_, std::move(asked));
        if (!resolved) {
            co_return std::move(resolved).error();
        }
        asked = std::move(*resolved);
    }
    const RequestContext context = std::move(asked);
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto read = co_await store_.raw(context.at, kind, *id);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    if (read->redirect_to) {
        co_return merged_reply(context, *read->redirect_to, read->moment);
    }
    if (!read->exists) {
        co_return no_such_object();
    }
    HttpReply reply = raw_reply(read->items);
    add_position(reply, read->moment);
    co_return reply;
}

}  // namespace tributary::api
