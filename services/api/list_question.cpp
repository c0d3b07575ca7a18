#include "services/api/list_question.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "domain/facet.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/page_token.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::ports::ListOrder;
using domain::ports::ListQuery;

namespace {

struct OrderName {
    std::string_view name;
    ListOrder order;
    bool descending;
};

constexpr std::array order_names{
    OrderName{"id", ListOrder::id, false},
    OrderName{"id desc", ListOrder::id, true},
    OrderName{"created_at", ListOrder::created_at, false},
    OrderName{"created_at desc", ListOrder::created_at, true},
    OrderName{"changed_at", ListOrder::changed_at, false},
    OrderName{"changed_at desc", ListOrder::changed_at, true},
};

Result<void> read_order(const http::Query& parameters, ListQuery& query) {
    const std::string* text = parameters.find("order_by");
    if (text == nullptr) {
        return {};
    }
    const auto found = std::ranges::find(order_names, *text, &OrderName::name);
    if (found == order_names.end()) {
        return domain::fail(Errc::invalid_input,
                            "order_by must be id, created_at or changed_at, with ' desc' behind it for the "
                            "other direction.",
                            "/order_by");
    }
    query.order = found->order;
    query.descending = found->descending;
    return {};
}

using Faults = std::vector<domain::Error>;

/// What was read; a fault goes to the others.
template <class T>
std::optional<T> kept(Result<T> read, Faults& faults) {
    if (read) {
        return std::move(*read);
    }
    faults.push_back(std::move(read).error());
    return std::nullopt;
}

template <class E>
std::vector<std::string_view> names() {
    std::vector<std::string_view> all;
    for (const auto& entry : names_of(E{})) {
        all.push_back(entry.name);
    }
    return all;
}

std::vector<std::string_view> statuses_of(EntityKind kind) {
    return kind == EntityKind::customer ? names<domain::ProfileStatus>() : names<domain::AccountStatus>();
}

std::vector<std::string_view> types_of(EntityKind kind) {
    switch (kind) {
        case EntityKind::customer:
            return names<domain::ProfileKind>();
        case EntityKind::sub_account:
            return names<domain::SubAccountType>();
        case EntityKind::account_group:
            return names<domain::AccountGroupType>();
        default:
            return names<domain::AccountType>();
    }
}

/// The state of a link is its status among documents; lists of suggestions are of one.
void read_link_state(const http::Query& parameters, ListQuery& query, Faults& faults) {
    const auto states = names<domain::ports::LinkState>();
    if (const auto state =
            kept(choice_parameter(parameters, "state", states), faults).value_or(std::nullopt)) {
        query.facets.push_back(domain::facet("status", *state));
    }
}

/// A value that no document can have is a slip of the pen; an empty list would look like an answer to it.
void read_facets(const http::Query& parameters, std::span<const std::string_view> providers, ListQuery& query,
                 Faults& faults) {
    if (query.kind == EntityKind::identity_link) {
        read_link_state(parameters, query, faults);
        return;
    }
    const std::pair<std::string_view, std::vector<std::string_view>> choices[] = {
        {"provider", {providers.begin(), providers.end()}},
        {"status", statuses_of(query.kind)},
        {"type", types_of(query.kind)}};
    for (const auto& [name, values] : choices) {
        if (const auto value =
                kept(choice_parameter(parameters, name, values), faults).value_or(std::nullopt)) {
            query.facets.push_back(domain::facet(name, *value));
        }
    }
    if (const auto connection = kept(connection_parameter(parameters), faults).value_or(std::nullopt)) {
        query.facets.push_back(domain::connection_facet(*connection));
    }
}

Result<void> read_changed_since(const http::Query& parameters, ListQuery& query) {
    const std::string* text = parameters.find("changed_since");
    if (text == nullptr) {
        return {};
    }
    query.changed_since = domain::parse_timestamp(*text);
    if (!query.changed_since) {
        return domain::fail(
            Errc::invalid_input,
            "changed_since must be a time as in RFC 3339, e.g. 2026-11-22T06:00:00Z; write '+' as %2B.",
            "/changed_since");
    }
    return {};
}

std::string question_of(const RequestContext& context, const ListQuery& query) {
    return to_text(context.principal.tenant) + "\x1f" + context.path + "\x1f" +
           (query.customer ? to_text(*query.customer) : "") + "\x1f" + kept_parameters(context, query);
}

}  // namespace

std::expected<AskedList, Faults> read_list_query(const RequestContext& context, ListQuery query,
                                                 const domain::ports::Sealer& sealer,
                                                 std::span<const std::string_view> providers) {
    Faults faults;
    query.limit = kept(page_size_of(context.query), faults).value_or(0);
    query.include_removed = kept(flag_of(context.query, "include_deleted"), faults).value_or(false);
    read_facets(context.query, providers, query, faults);
    for (const auto read : {read_changed_since, read_order}) {
        if (const Result<void> done = read(context.query, query); !done) {
            faults.push_back(done.error());
        }
    }
    domain::ports::ReadAt at = context.at;
    const std::string* token = context.query.find("page_token");
    if (faults.empty() && token != nullptr && !token->empty()) {
        if (const auto position =
                kept(read_page_token(sealer, question_of(context, query), *token), faults)) {
            at.moment = position->moment;
            query.after = {position->key, position->after};
        }
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return AskedList{std::move(query), at};
}

std::string kept_parameters(const RequestContext& context, const ListQuery& query) {
    std::string kept;
    if (context.at.moment) {
        kept += "&as_of=" + as_of_text(context.at.moment);
    }
    if (const std::string* state = context.query.find("state")) {
        kept += "&state=" + *state;
    }
    for (const std::string& facet :
         query.kind == EntityKind::identity_link ? std::vector<std::string>() : query.facets) {
        // Names and values of facets are plain characters.
        kept += facet.starts_with("connection=") ? "&connection_id" + facet.substr(10) : "&" + facet;
    }
    if (query.changed_since) {
        kept += "&changed_since=" + domain::to_text(*query.changed_since);
    }
    if (query.order != ListOrder::id || query.descending) {
        const auto is_ours = [&query](const OrderName& entry) {
            return entry.order == query.order && entry.descending == query.descending;
        };
        std::string name(std::ranges::find_if(order_names, is_ours)->name);
        if (const std::size_t space = name.find(' '); space != std::string::npos) {
            name.replace(space, 1, "%20");
        }
        kept += "&order_by=" + name;
    }
    return kept + (query.include_removed ? "&include_deleted=true" : "");
}

std::string next_page_token(const RequestContext& context, const ListQuery& query,
                            const domain::ports::DocumentPage& page, const domain::ports::Sealer& sealer) {
    if (!page.more) {
        return {};
    }
    return make_page_token(sealer, question_of(context, query), {page.moment, page.last->key, page.last->id});
}

}  // namespace tributary::api
