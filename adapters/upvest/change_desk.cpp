#include "adapters/upvest/change_desk.hpp"

#include <algorithm>
#include <utility>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/path_id.hpp"
#include "domain/json/parse.hpp"

namespace tributary::upvest {

using domain::AccountStatus;
using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::ActionEffect;
using domain::ports::ActionKind;
using domain::ports::ActionOrder;
using domain::ports::Task;

namespace {

constexpr std::string_view groups = "account_groups";

Task<Result<ActionEffect>> refused(domain::Error error) {
    co_return std::unexpected(std::move(error));
}

Task<Result<ActionEffect>> refused(std::string detail) {
    return refused({Errc::invalid_input, std::move(detail), "", std::nullopt});
}

Task<Result<ActionEffect>> refused_kind() {
    return refused("Upvest takes no action of this kind.");
}

Task<Result<ActionEffect>> refused_id() {
    return refused("This is not an id that Upvest could have given.");
}

/// The group that a creation was answered with; an empty page where the answer cannot be read or lacks what a
/// group always has, because the next run would see more.
Page made_group(const std::string& body) {
    Page page;
    if (auto parsed = json::parse(body)) {
        decode_item(EntityKind::account_group, std::move(parsed->root), page);
    }
    const bool whole =
        page.observations.size() == 1 && std::ranges::find(page.drift, domain::DriftKind::missing_key,
                                                           &domain::DriftNote::kind) == page.drift.end();
    return whole ? std::move(page) : Page{};
}

AccountStatus status_in(const Page& page) {
    const auto* group = page.observations.size() == 1
                            ? std::get_if<domain::AccountGroup>(&page.observations.front().normalized)
                            : nullptr;
    return group != nullptr && group->status.has_value() ? group->status.value().value : AccountStatus::other;
}

ActionEffect done() {
    ActionEffect effect;
    effect.stands = true;
    effect.finished = true;
    effect.stream = groups;
    return effect;
}

}  // namespace

std::string idempotency_key_of(const domain::Uuid& action) {
    return domain::to_text(domain::named_uuid(action, "upvest-idempotency-key"));
}

Task<Result<ActionEffect>> ChangeDesk::perform(ActionOrder order) {
    if (!fits_in_path(order.subject)) {
        return refused_id();
    }
    if (order.kind == ActionKind::create_account_group) {
        auto read = read_creation_order(order.arguments);
        return read ? create(std::move(order.subject), *std::move(read), idempotency_key_of(order.key))
                    : refused(read.error().front());
    }
    if (order.kind == ActionKind::close_account_group) {
        auto read = read_closure_order(order.arguments);
        return read ? close(std::move(order.subject), *std::move(read)) : refused(read.error().front());
    }
    return refused_kind();
}

Task<Result<ActionEffect>> ChangeDesk::look(ActionOrder order) {
    if (order.kind == ActionKind::create_account_group) {
        return refused("Upvest tells by nothing but its key whether a group was made; send the order again.");
    }
    if (order.kind != ActionKind::close_account_group) {
        return refused_kind();
    }
    if (!fits_in_path(order.subject)) {
        return refused_id();
    }
    const auto read = read_closure_order(order.arguments);
    if (read && read->notification_only) {
        return refused("No group shows whether its closing was announced; send the order again.");
    }
    return see(std::move(order.subject));
}

Task<Result<ActionEffect>> ChangeDesk::create(std::string user, CreationOrder order,
                                              std::string idempotency_key) {
    Ask ask{"POST", "/account_groups", body_of(order, user), std::move(idempotency_key)};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::action);
    if (!body) {
        co_return std::unexpected(body.error());
    }
    ActionEffect effect = done();
    effect.page = made_group(*body);
    if (!effect.page.observations.empty()) {
        effect.object_id = effect.page.observations.front().provider_id;
    }
    co_return effect;
}

Task<Result<ActionEffect>> ChangeDesk::close(std::string group, ClosureOrder order) {
    Ask ask{"DELETE", "/account_groups/" + group + "?" + query_of(order)};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::action);
    const bool was_closing = !body && body.error().code == Errc::conflict && !order.notification_only;
    if (!body && !was_closing) {
        co_return std::unexpected(body.error());
    }
    ActionEffect effect = done();
    effect.object_id = group;
    if (order.notification_only) {
        co_return effect;
    }
    Result<ActionEffect> seen = co_await see(std::move(group));
    if (was_closing) {
        // Refused, perhaps because a former attempt was taken: then the group shows it.
        co_return seen && !seen->stands ? std::unexpected(body.error()) : std::move(seen);
    }
    // Taken; whether more is to come of it only the group tells.
    effect.finished = seen && seen->finished;
    if (seen) {
        effect.page = std::move(seen->page);
    }
    co_return effect;
}

Task<Result<ActionEffect>> ChangeDesk::see(std::string group) {
    const std::string stream(groups);
    Result<Page> page = co_await session_.read(stream, group);
    if (!page && page.error().code == Errc::gone) {
        co_return domain::fail(Errc::not_found, page.error().detail);
    }
    if (!page) {
        co_return std::unexpected(page.error());
    }
    const AccountStatus status = status_in(*page);
    ActionEffect effect;
    effect.finished = status == AccountStatus::closed;
    effect.stands = effect.finished || status == AccountStatus::closing;
    effect.stream = stream;
    effect.object_id = std::move(group);
    effect.page = *std::move(page);
    co_return effect;
}

}  // namespace tributary::upvest
