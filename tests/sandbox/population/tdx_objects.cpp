#include "tests/sandbox/population/tdx_objects.hpp"

#include <utility>

#include "tests/sandbox/population/moments.hpp"

namespace tributary::sandbox {

namespace {

void add_times(json::Object& object, Rng& rng) {
    const domain::Timestamp created = random_moment(rng);
    object.push_back({"createdAt", plain_text(created)});
    object.push_back({"updatedAt", plain_text(later_moment(created, rng))});
}

}  // namespace

json::Object tdx_user(const std::string& id, const std::string& client, const std::string& username,
                      const Person& person, TdxUserStyle style, Rng& rng) {
    json::Object user{{"id", id},
                      {"clientAccountId", client},
                      {"username", username},
                      {"firstname", person.first},
                      {"lastname", person.last},
                      {"email", person.email},
                      {"phoneNumber", person.phone.empty() ? json::Value() : json::Value(person.phone)},
                      {"status", style.status},
                      {"type", style.type}};
    if (!rng.chance(5)) {
        user.push_back({"MFAEnabled", rng.chance(90)});
    }
    user.push_back({"permissions", json::Object{{"canRead", true},
                                                {"canTrade", rng.chance(70)},
                                                {"canWithdraw", rng.chance(30)},
                                                {"canDeposit", rng.chance(50)},
                                                {"canWrite", rng.chance(40)},
                                                {"canManage", style.can_manage}}});
    add_times(user, rng);
    return user;
}

json::Object tdx_preferences(const std::string& id, const std::string& user, Rng& rng) {
    static constexpr std::string_view languages[] = {"LANGUAGE_ENGLISH", "LANGUAGE_GERMAN", "LANGUAGE_FRENCH",
                                                     "LANGUAGE_ROMANSH"};
    json::Object preferences{{"id", id},
                             {"userId", user},
                             {"language", rng.pick(languages)},
                             {"notifications", json::Object{{"orderPlacement", rng.chance(50)},
                                                            {"orderConfirmation", rng.chance(50)},
                                                            {"orderCancellation", rng.chance(50)},
                                                            {"settlementLine", rng.chance(50)}}}};
    add_times(preferences, rng);
    return preferences;
}

json::Object tdx_client_account(const std::string& id, std::string_view type, std::string_view legal_name,
                                std::string_view verification, Rng& rng) {
    json::Object client{
        {"id", id},
        {"status", "STATUS_ACTIVE"},
        {"verificationStatus", verification},
        {"type", type},
        {"legalName", legal_name},
        {"classification",
         type == "TYPE_NOMINATIVE" ? "CLASSIFICATION_RETAIL" : "CLASSIFICATION_ELIGIBLE_COUNTERPARTY"},
        {"taxResidency", "CH"}};
    add_times(client, rng);
    return client;
}

json::Object tdx_sub_account(const std::string& id, const std::string& client, const std::string& name,
                             bool main, Rng& rng) {
    static constexpr std::string_view types[] = {"TYPE_SUB", "TYPE_SUB", "TYPE_SUB", "TYPE_CUSTODY"};
    json::Array pairs;
    if (!main && rng.chance(40)) {
        for (std::uint64_t count = 1 + rng.below(3); count > 0; --count) {
            pairs.push_back(rng.uuid());
        }
    }
    const std::string_view venue = rng.chance(3)    ? "VENUE_DARK"
                                   : rng.chance(50) ? "VENUE_MARKETPLACE"
                                                    : "VENUE_OTC";
    json::Object sub_account{{"id", id},
                             {"clientAccountId", client},
                             {"type", main ? "TYPE_MAIN" : rng.pick(types)},
                             {"venue", main ? "VENUE_MARKETPLACE" : venue},
                             {"name", name}};
    // No pairs at all is not the same as an empty list, which means every pair.
    if (main || !rng.chance(5)) {
        sub_account.push_back({"pairs", std::move(pairs)});
    }
    add_times(sub_account, rng);
    return sub_account;
}

json::Object tdx_access(const std::string& user, const std::string& sub_account, Rng& rng) {
    return json::Object{{"userId", user},
                        {"subAccountId", sub_account},
                        {"permissions", json::Object{{"canRead", true},
                                                     {"canTrade", rng.chance(60)},
                                                     {"canWithdraw", rng.chance(30)},
                                                     {"canDeposit", rng.chance(30)}}}};
}

json::Object tdx_attribute(const std::string& id, std::string_view key, Rng& rng) {
    static constexpr std::string_view values[] = {"dark", "hell", "große Schrift", "{\"a\":[1,2]}", ""};
    json::Object attribute{{"id", id},   {"type", "preference"},      {"subType", "ui"},
                           {"key", key}, {"value", rng.pick(values)}, {"contentType", "text/plain"}};
    add_times(attribute, rng);
    return attribute;
}

}  // namespace tributary::sandbox
