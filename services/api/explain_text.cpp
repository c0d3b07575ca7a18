#include "services/api/explain_text.hpp"

#include <optional>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "services/api/identity_text.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

namespace {

/// A customer that has this one field.
json::Object alone(std::string_view path, const json::Value& value) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
        return {{std::string(path), value}};
    }
    return {{std::string(path.substr(0, dot)), alone(path.substr(dot + 1), value)}};
}

class Writer {
  public:
    Writer(const domain::Uuid& tenant, Variant variant) : tenant_(tenant), variant_(variant) {}

    [[nodiscard]] json::Object field(const view::ExplainedField& field) const {
        json::Object out{{"path", field.path}, {"rule", field.rule}};
        add_claim(out, field.path, field.winner);
        json::Array losers;
        for (const view::FieldClaim& loser : field.losers) {
            json::Object other;
            add_claim(other, field.path, loser);
            losers.emplace_back(std::move(other));
        }
        out.push_back({"losers", std::move(losers)});
        return out;
    }

    [[nodiscard]] json::Object member(const view::ExplainedMember& member) const {
        json::Array links;
        for (const domain::ports::Link& link : member.links) {
            links.emplace_back(link_object(tenant_, link, variant_));
        }
        json::Object out = profile(member.profile, "id");
        out.push_back({"links", std::move(links)});
        return out;
    }

  private:
    /// The value as the document would show it; nothing where it would not.
    [[nodiscard]] std::optional<json::Value> shown(std::string_view path, const json::Value& value) const {
        if (variant_ == Variant::full) {
            return value;
        }
        const std::string masked =
            view::masked(domain::EntityKind::customer, json::write(alone(path, value)));
        const auto parsed = json::parse(masked);
        const json::Value* at = parsed ? &parsed->root : nullptr;
        while (at != nullptr && !path.empty()) {
            const std::size_t end = std::min(path.find('.'), path.size());
            at = at->find(path.substr(0, end));
            path.remove_prefix(std::min(end + 1, path.size()));
        }
        return at == nullptr ? std::nullopt : std::optional(*at);
    }

    void add_claim(json::Object& out, std::string_view path, const view::FieldClaim& claim) const {
        if (auto value = shown(path, claim.value)) {
            out.push_back({"value", std::move(*value)});
        }
        out.push_back({"source", source(claim.source)});
    }

    [[nodiscard]] json::Object profile(const domain::ports::EntityAnchor& anchor, std::string_view id) const {
        return {{std::string(id), to_text(anchor.id)},
                {"provider", anchor.provider},
                {"environment", name_of(anchor.environment)},
                {"provider_id", provider_id(anchor.provider_id)}};
    }

    [[nodiscard]] std::string provider_id(const std::string& id) const {
        return variant_ == Variant::full ? id : view::masked_provider_id(id);
    }

    [[nodiscard]] json::Object source(const view::FieldSource& source) const {
        json::Object out = profile(source.profile, "profile_id");
        if (source.stream.stream.empty()) {
            return out;
        }
        out.push_back({"connection_id", to_text(source.stream.connection_id)});
        out.push_back({"stream", source.stream.stream});
        out.push_back({"record", provider_id(source.record)});
        out.push_back({"recorded_at", domain::to_text(source.recorded_at)});
        if (source.source_updated_at) {
            out.push_back({"source_updated_at", domain::to_text(*source.source_updated_at)});
        }
        if (source.cause && source.run_id) {
            out.push_back({"cause", *source.cause});
            out.push_back({"run_id", to_text(*source.run_id)});
        }
        json::Array paths;
        for (const std::string& path : source.json_paths) {
            paths.emplace_back(path);
        }
        out.push_back({"json_paths", std::move(paths)});
        return out;
    }

    const domain::Uuid& tenant_;
    Variant variant_;
};

}  // namespace

std::string explanation_text(const domain::Uuid& tenant, const domain::Uuid& customer,
                             const view::Explanation& explanation, Variant variant) {
    const Writer writer(tenant, variant);
    json::Array fields;
    for (const view::ExplainedField& field : explanation.fields) {
        fields.emplace_back(writer.field(field));
    }
    json::Array profiles;
    for (const view::ExplainedMember& member : explanation.members) {
        profiles.emplace_back(writer.member(member));
    }
    json::Object out{{"id", to_text(customer)},
                     {"matches_document", explanation.matches_document},
                     {"fields", std::move(fields)},
                     {"profiles", std::move(profiles)}};
    if (variant == Variant::masked) {
        out.push_back({"masked", true});
    }
    return json::write(out);
}

}  // namespace tributary::api
