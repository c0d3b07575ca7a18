#include "services/view/entity_text.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "domain/compose.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/slices.hpp"
#include "domain/json/write.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::ports::Contribution;

namespace {

template <class T>
T read(std::string_view text) {
    const auto parsed = json::parse(text);
    const json::Object* object = parsed ? parsed->root.if_object() : nullptr;
    return object != nullptr ? json::from_object<T>(*object) : T{};
}

/// Nothing where the member is missing or null.
std::optional<std::string> text_of_member(std::string_view object, std::string_view key) {
    const auto value = json::member_of(object, key);
    const auto parsed = value ? json::parse(*value) : domain::Result<json::Parsed>();
    const std::string* text = value && parsed ? parsed->root.if_string() : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

template <class T>
std::string compose(std::span<const Contribution* const> ordered) {
    T whole;
    for (const Contribution* contribution : ordered) {
        domain::complete_with(whole, read<T>(contribution->normalized));
    }
    // Sorted, so that the text does not depend on which record happened to come first.
    std::ranges::sort(whole.details, {}, &json::Entry::key);
    return json::write(json::to_object(whole));
}

}  // namespace

std::string normalized_text(const domain::Normalized& normalized) {
    return std::visit([](const auto& object) { return json::write(json::to_object(object)); }, normalized);
}

domain::Profile read_profile(std::string_view text) {
    return read<domain::Profile>(text);
}

domain::Account read_account(std::string_view text) {
    return read<domain::Account>(text);
}

domain::SubAccount read_sub_account(std::string_view text) {
    return read<domain::SubAccount>(text);
}

domain::AccountGroup read_account_group(std::string_view text) {
    return read<domain::AccountGroup>(text);
}

std::optional<std::string> account_group_in(std::string_view account) {
    return text_of_member(account, "account_group");
}

std::optional<std::string> account_in(std::string_view sub_account) {
    return text_of_member(sub_account, "account");
}

std::vector<const Contribution*> in_order_of_composition(std::span<const Contribution> contributions) {
    std::vector<const Contribution*> ordered;
    for (const Contribution& contribution : contributions) {
        ordered.push_back(&contribution);
    }
    // By the provider's clock; where it has none, by ours.
    std::ranges::sort(ordered, [](const Contribution* a, const Contribution* b) {
        const auto rank = [](const Contribution& c) {
            return std::tuple(!c.founds_entity, c.fullness,
                              -c.source_updated_at.value_or(c.changed_at).time_since_epoch().count(),
                              c.connection_id, std::string_view(c.stream), std::string_view(c.provider_id));
        };
        return rank(*a) < rank(*b);
    });
    return ordered;
}

std::optional<std::string> composed_text(EntityKind kind, std::span<const Contribution> contributions) {
    if (std::ranges::none_of(contributions, &Contribution::founds_entity)) {
        return std::nullopt;
    }
    const std::vector<const Contribution*> ordered = in_order_of_composition(contributions);
    switch (kind) {
        case EntityKind::profile:
            return compose<domain::Profile>(ordered);
        case EntityKind::account:
            return compose<domain::Account>(ordered);
        case EntityKind::sub_account:
            return compose<domain::SubAccount>(ordered);
        case EntityKind::account_group:
            return compose<domain::AccountGroup>(ordered);
        default:
            return std::nullopt;
    }
}

}  // namespace tributary::view
