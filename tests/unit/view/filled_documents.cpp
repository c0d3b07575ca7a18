#include "filled_documents.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

#include "domain/document.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/write.hpp"
#include "services/view/documents.hpp"

namespace tributary::tests {

using domain::EntityKind;
using domain::Uuid;

namespace {

using Paths = std::vector<std::string_view>;

const domain::Timestamp some_time = domain::parse_timestamp("2026-01-02T03:04:05Z").value();

/// Fills every member of a struct, and theirs.
class Filler {
  public:
    explicit Filler(std::uint32_t seed) : engine_(seed) {}

    /// `shown` are the members, with dots, that may be seen: they are the same for every seed.
    template <domain::Described T>
    T filled(const Paths& shown) {
        T made;
        fill_members(made, "", shown);
        return made;
    }

    std::size_t upto(std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(1, most)(engine_);
    }

    std::string text() {
        std::string made;
        for (std::size_t left = 12 + upto(30); left > 0; --left) {
            made += static_cast<char>('a' + upto(26) - 1);
        }
        personal.push_back(made += ending);
        return made;
    }

    /// As a provider may send what nobody knows: keys and values of every type.
    json::Object tree() {
        json::Object made{{text(), text()}, {"number", json::Number{number()}}, {"flag", upto(2) == 1}};
        for (std::size_t left = upto(3); left > 0; --left) {
            made.push_back({text(), json::Array{text(), json::Object{{text(), text()}}, json::Value()}});
        }
        return made;
    }

    std::vector<std::string> personal;

  private:
    std::string number() { return std::to_string(100'000'000 + upto(900'000'000)); }

    template <class T>
    void fill_members(T& to, const std::string& path, const Paths& shown) {
        domain::for_each_member(to, [&](std::string_view name, auto& member) {
            const std::string at = path.empty() ? std::string(name) : path + "." + std::string(name);
            fill(member, at, shown);
        });
    }

    template <class T>
    void fill(T& to, const std::string& path, const Paths& shown) {
        const bool is_shown = std::ranges::find(shown, path) != shown.end();
        if constexpr (domain::Described<T>) {
            fill_members(to, path, shown);
        } else if constexpr (json::codec_detail::IsField<T>::value) {
            typename T::value_type inner{};
            fill(inner, path, shown);
            to = std::move(inner);
        } else if constexpr (json::codec_detail::IsEnumPair<T>::value) {
            const auto names = names_of(decltype(to.value){});
            to.value = is_shown ? names.front().value : names[upto(names.size()) - 1].value;
            to.provider_text = is_shown ? "THEIR_WORD" : text();
        } else if constexpr (std::same_as<T, json::Object>) {
            to = tree();
        } else if constexpr (json::codec_detail::IsVector<T>::value) {
            // How many addresses somebody has may be seen.
            to.resize(is_shown ? 2 : upto(4));
            for (auto& element : to) {
                fill(element, path, shown);
            }
        } else if constexpr (std::same_as<T, std::string>) {
            to = is_shown ? std::string("shown") : text();
        } else if constexpr (std::same_as<T, json::Number>) {
            to = {number()};
        } else if constexpr (std::same_as<T, bool>) {
            to = upto(2) == 1;
        } else if constexpr (std::same_as<T, domain::Timestamp>) {
            to = is_shown ? some_time : some_time - std::chrono::microseconds(upto(1'000'000'000));
        } else if constexpr (std::same_as<T, domain::Date>) {
            to = domain::parse_date("19" + std::to_string(9 + upto(90)) + "-02-03").value();
        } else {
            to = static_cast<T>(upto(100));
        }
    }

    std::mt19937 engine_;
};

Uuid id(std::string_view name) {
    return domain::named_uuid({}, name);
}

domain::ports::EntityAnchor anchor(EntityKind kind, Filler& filler) {
    return {id(domain::name_of(kind)), kind, "provider", domain::ProviderEnvironment::production,
            filler.text()};
}

domain::ports::AccessRow access(EntityKind target, Filler& filler) {
    json::Object permissions{{"can_trade", true}, {"can_withdraw", false}};
    permissions.push_back({filler.text(), filler.text()});
    permissions.push_back({filler.text(), filler.tree()});
    const json::Object grant{{"level", "owner"},           {"provider_level", "OWNER"},
                             {"role", "guardian"},         {"provider_role", "GUARDIAN"},
                             {"permissions", permissions}, {filler.text(), filler.text()}};
    return {id("profile"),    target,  id(domain::name_of(target)), json::write(grant), 0,
            id("connection"), "stream"};
}

std::string customer(Filler& filler) {
    std::vector<view::MemberProfile> members;
    for (const auto& provider : {"provider", "other provider"}) {
        view::MemberProfile member;
        member.anchor = anchor(EntityKind::profile, filler);
        member.anchor.id = id(provider);
        member.anchor.provider = provider;
        member.profile = filler.filled<domain::Profile>(
            {"kind", "status", "addresses", "addresses.kind", "source_updated_at"});
        member.connection_ids = {id("connection"), id("other connection")};
        members.push_back(std::move(member));
    }
    const std::array rows{access(EntityKind::account, filler), access(EntityKind::sub_account, filler)};
    return view::customer_content(id("customer"), std::move(members), rows).text;
}

template <class T>
std::string target(EntityKind kind, Filler& filler, const Paths& shown) {
    domain::ports::EntityState entity;
    entity.anchor = anchor(kind, filler);
    entity.normalized = json::write(json::to_object(filler.filled<T>(shown)));
    const std::map<Uuid, Uuid> customer_of{{id("profile"), id("customer")}};
    const view::TargetContext context{
        {}, {access(kind, filler)}, customer_of, {id("child"), id("other child")}};
    return view::target_content(entity, context).text;
}

}  // namespace

FilledDocuments filled_documents(std::uint32_t seed) {
    Filler filler(seed);
    FilledDocuments made;
    made.texts = {
        {EntityKind::customer, customer(filler)},
        {EntityKind::account, target<domain::Account>(EntityKind::account, filler,
                                                      {"type", "status", "opened_at", "closed_at",
                                                       "account_group", "source_updated_at"})},
        {EntityKind::sub_account,
         target<domain::SubAccount>(EntityKind::sub_account, filler,
                                    {"account", "type", "venue", "pairs", "source_updated_at"})},
        {EntityKind::account_group, target<domain::AccountGroup>(EntityKind::account_group, filler,
                                                                 {"type", "status", "source_updated_at"})},
    };
    for (auto& [kind, text] : made.texts) {
        text = domain::stamped(text, {3, some_time, some_time, some_time});
    }
    made.personal = std::move(filler.personal);
    return made;
}

}  // namespace tributary::tests
