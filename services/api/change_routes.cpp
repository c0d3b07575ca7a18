#include "services/api/change_routes.hpp"

#include <array>
#include <utility>

#include "domain/json/write.hpp"
#include "services/api/change_text.hpp"
#include "services/api/event_stream.hpp"
#include "services/api/freshness_parameters.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Errc;
using domain::Error;
using domain::ports::ChangePage;
using domain::ports::ChangeQuery;
using domain::ports::HttpReply;
using domain::ports::Task;

namespace {

constexpr std::array kinds{EntityKind::customer, EntityKind::account, EntityKind::sub_account,
                           EntityKind::account_group, EntityKind::identity_link};

struct Asked {
    ChangeQuery query;
    std::chrono::milliseconds wait{0};
};

Error fault(std::string_view name, std::string sentence) {
    return {Errc::invalid_input, std::move(sentence), domain::pointer_step("", name)};
}

/// A stream that was broken off goes on behind the last event that came, whatever its address says.
void read_position(const RequestContext& context, Asked& asked, std::vector<Error>& faults) {
    const bool comes_again = context.events && !context.last_event_id.empty();
    const std::string* after = context.query.find("after");
    const std::string* text = comes_again ? &context.last_event_id : after;
    if (text == nullptr) {
        return;
    }
    asked.query.after = domain::parse_position(*text);
    if (!asked.query.after) {
        faults.push_back(fault(comes_again ? "Last-Event-ID" : "after",
                               "This is no position; send what an answer told as position, or 0 for all that "
                               "is kept since the beginning."));
    }
}

void read_kinds(const RequestContext& context, Asked& asked, std::vector<Error>& faults) {
    const std::string* text = context.query.find("kind");
    if (text == nullptr) {
        return;
    }
    for (const EntityKind kind : kinds) {
        if (*text == domain::name_of(kind)) {
            asked.query.kinds = {kind};
            return;
        }
    }
    faults.push_back(
        fault("kind", "kind must be customer, account, sub_account, account_group or identity_link."));
}

std::expected<Asked, std::vector<Error>> asked_of(const RequestContext& context) {
    Asked asked;
    std::vector<Error> faults;
    if (const auto size = page_size_of(context.query)) {
        asked.query.limit = *size;
    } else {
        faults.push_back(size.error());
    }
    read_position(context, asked, faults);
    read_kinds(context, asked, faults);
    if (const std::string* text = context.query.find("customer_id")) {
        asked.query.customer = domain::parse_uuid(*text);
        if (!asked.query.customer) {
            faults.push_back(fault("customer_id", "customer_id must be the id of a customer."));
        }
    }
    if (const std::string* text = context.query.find("wait")) {
        const auto wait = duration_named(*text);
        if (!wait || *wait > longest_wait) {
            faults.push_back(fault("wait", "wait must be a whole number with its unit, up to 25s: 500ms."));
        } else if (context.events) {
            faults.push_back(fault("wait", "Events wait by themselves; leave it out."));
        } else {
            asked.wait = *wait;
        }
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return asked;
}

HttpReply too_many() {
    return problem(503, "too_many_streams",
                   "As many readers wait for changes as this server has room for; poll without wait.");
}

HttpReply page_reply_of(const ChangePage& page, Variant variant) {
    json::Array items;
    for (const domain::ports::StoredChange& change : page.changes) {
        items.emplace_back(change_object(change, variant));
    }
    HttpReply reply = json_reply(json::write(
        json::Object{{"items", std::move(items)}, {"position", to_text(page.next)}, {"more", page.more}}));
    // Not the newest: what is behind this page was not told.
    reply.fields.add("Tributary-Position", to_text(page.next));
    return reply;
}

}  // namespace

Task<HttpReply> ChangeRoutes::changes(RequestContext context) {
    auto asked = asked_of(context);
    if (!asked) {
        co_return invalid_request(asked.error());
    }
    if (context.events) {
        co_return co_await events(std::move(context), std::move(asked->query));
    }
    co_return co_await page(std::move(context), std::move(asked->query), asked->wait);
}

Task<HttpReply> ChangeRoutes::page(RequestContext context, ChangeQuery query,
                                   std::chrono::milliseconds wait) {
    const domain::Uuid tenant = context.principal.tenant;
    const bool waits = wait > std::chrono::milliseconds(0);
    const std::shared_ptr<void> slot = waits ? slots_.take(tenant) : nullptr;
    if (waits && slot == nullptr) {
        co_return too_many();
    }
    const auto until = tools_.clock.steady_now() + wait;
    for (;;) {
        const auto page = co_await tools_.store.changes(tenant, query);
        if (!page) {
            co_return problem_of(context.log, page.error());
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - tools_.clock.steady_now());
        if (!page->changes.empty() || left <= std::chrono::milliseconds(0)) {
            co_return page_reply_of(*page, variant_of(context.principal));
        }
        query.after = page->next;
        if (!page->more && !co_await tools_.signal.wait(tenant, page->newest.number, left)) {
            co_return page_reply_of(*page, variant_of(context.principal));
        }
    }
}

Task<HttpReply> ChangeRoutes::events(RequestContext context, ChangeQuery query) {
    auto slot = slots_.take(context.principal.tenant);
    if (!slot) {
        co_return too_many();
    }
    // Here, so that what is wrong with the position is told by the status.
    auto first = co_await tools_.store.changes(context.principal.tenant, query);
    if (!first) {
        co_return problem_of(context.log, first.error());
    }
    HttpReply reply;
    reply.fields.add("Content-Type", "text/event-stream");
    reply.fields.add("Cache-Control", "no-store");
    reply.fields.add("Vary", "Authorization, Accept");
    reply.fields.add("Tributary-Position", to_text(query.after.value_or(domain::Position{})));
    reply.stream =
        event_stream(tools_, {context.principal.tenant, std::move(query), variant_of(context.principal),
                              std::move(context.credentials), *std::move(first), std::move(slot)});
    co_return reply;
}

}  // namespace tributary::api
