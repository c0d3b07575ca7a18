#include "services/admin/repair_request.hpp"

#include <string>
#include <utility>

#include "domain/json/parse.hpp"
#include "services/admin/secrets_check.hpp"

namespace tributary::admin {

using domain::Errc;
using domain::Error;
using domain::ports::ConnectionView;

namespace {

Error fault(std::string_view member, std::string detail) {
    return {Errc::invalid_input, std::move(detail), domain::pointer_step("", member)};
}

/// What the connection says under a member that a repair cannot change; nothing for other members.
std::optional<std::string> fixed(std::string_view member, const ConnectionView& connection) {
    if (member == "name") {
        return connection.name;
    }
    if (member == "provider") {
        return connection.provider;
    }
    if (member == "environment") {
        return std::string(domain::name_of(connection.environment));
    }
    return member == "base_url" ? std::optional(connection.base_url) : std::nullopt;
}

bool may_stand(std::string_view member) {
    return member == "credentials" || member == "settings" || member == "schedule";
}

/// An object member; nothing where it is missing, and a fault where it is something else.
std::optional<json::Object> object(const json::Object& body, std::string_view member,
                                   std::vector<Error>& faults) {
    const json::Value* value = json::find(body, member);
    if (value != nullptr && value->if_object() == nullptr) {
        faults.push_back(fault(member, "This must be an object."));
    }
    return value == nullptr || value->if_object() == nullptr ? std::nullopt
                                                             : std::optional(*value->if_object());
}

json::Object settings_of(const ConnectionView& connection) {
    const auto parsed = json::parse(connection.settings);
    return parsed && parsed->root.if_object() != nullptr ? *parsed->root.if_object() : json::Object{};
}

}  // namespace

std::expected<RepairRequest, std::vector<Error>> read_repair_request(const json::Value& body,
                                                                     const ConnectionView& connection,
                                                                     const sync::Providers& providers) {
    const json::Object* members = body.if_object();
    if (members == nullptr) {
        return std::unexpected(std::vector<Error>{{Errc::invalid_input, "The body must be a JSON object."}});
    }
    std::vector<Error> faults;
    for (const json::Entry& entry : *members) {
        const auto stays = fixed(entry.key, connection);
        if (stays && entry.value != json::Value(*stays)) {
            faults.push_back(
                fault(entry.key, "A repair cannot change this; make another connection instead."));
        } else if (!stays && !may_stand(entry.key)) {
            faults.push_back(
                fault(entry.key, "This member is not known; a repair has credentials and settings."));
        }
    }
    auto credentials = object(*members, "credentials", faults);
    auto settings = object(*members, "settings", faults);
    if (json::find(*members, "credentials") == nullptr) {
        faults.push_back(fault("credentials", "This member is required."));
    }
    const domain::ports::Provider* provider = providers.find(connection.provider);
    if (provider == nullptr) {
        faults.push_back(
            {Errc::invalid_input, "This program does not know the provider of this connection."});
    } else if (credentials) {
        for (Error& found :
             faults_of_secrets(provider, settings ? *settings : settings_of(connection), *credentials)) {
            faults.push_back(std::move(found));
        }
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return RepairRequest{std::move(*credentials), std::move(settings)};
}

}  // namespace tributary::admin
