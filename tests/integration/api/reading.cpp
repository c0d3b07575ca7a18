#include "reading.hpp"

#include <doctest/doctest.h>

#include "domain/change.hpp"
#include "domain/document.hpp"
#include "domain/http/target.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::tests {

using domain::EntityKind;
using domain::ports::HttpReply;
using domain::ports::PageTransaction;

Reading::Reading(std::size_t threads) : StoreFixture(threads) {}

std::int64_t write_account(postgres::Store& store, const domain::Uuid& tenant, const std::string& name,
                           bool removed) {
    std::int64_t version = 0;
    good(store.pages().transact(tenant, [&](PageTransaction& page) -> domain::Result<void> {
        const auto before = good(page.documents(std::vector{id_of(name)}));
        version = before.empty() ? 1 : before.front().version + 1;
        domain::ports::DocumentWrite write = document(
            EntityKind::account, name, R"({"name":")" + name + R"(","n":)" + std::to_string(version) + "}",
            before.empty() ? std::nullopt : std::optional(before.front()));
        write.removed = removed;
        if (!before.empty()) {
            write.diff =
                json::write(domain::difference(json::parse(domain::content_of(before.front().body))->root,
                                               json::parse(write.content)->root));
        }
        const auto committed = page.commit_documents(by_operator, std::vector{write});
        return committed ? domain::Result<void>() : std::unexpected(committed.error());
    }));
    return version;
}

api::RequestContext Reading::context(const std::string& path) const {
    api::RequestContext context;
    context.principal.tenant = tenant;
    context.at.tenant = tenant;
    context.principal.scopes = {"read", "personal"};
    context.path = path;
    return context;
}

HttpReply Reading::list(const std::string& query) {
    api::RequestContext asked = context("/v1/accounts");
    asked.query = http::split_query(query).value();
    return run_task(routes.list(std::move(asked), EntityKind::account));
}

HttpReply Reading::get(const std::string& name, const std::string& tag) {
    api::RequestContext asked = context("/v1/accounts/" + to_text(id_of(name)));
    asked.id = to_text(id_of(name));
    if (!tag.empty()) {
        domain::ports::HttpFields fields;
        fields.add("If-None-Match", tag);
        asked.held = api::if_none_match(fields);
    }
    return run_task(routes.object(std::move(asked), EntityKind::account));
}

json::Value tree_of(const HttpReply& reply) {
    auto parsed = json::parse(reply.body, 8'000'000);
    REQUIRE(parsed);
    return std::move(parsed->root);
}

}  // namespace tributary::tests
