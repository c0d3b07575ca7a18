#include "tests/sandbox/population/upvest_objects.hpp"

#include <utility>

#include "tests/sandbox/population/moments.hpp"

namespace tributary::sandbox {

namespace {

json::Object address(const Person& person, Rng& rng) {
    json::Object object{{"address_line1", person.street}};
    if (rng.chance(20)) {
        object.push_back({"address_line2", "c/o Example"});
    }
    object.push_back({"postcode", person.postal_code});
    object.push_back({"city", person.city});
    if (rng.chance(30)) {
        object.push_back({"state", person.region});
    }
    object.push_back({"country", person.country});
    return object;
}

json::Object confirmation(domain::Timestamp at) {
    return json::Object{{"consent_document_id", "d7e7a3a6-9f0b-4b6e-9f43-1a2b3c4d5e6f"},
                        {"confirmed_at", plain_text(at)}};
}

std::string with_spaces(const std::string& phone) {
    std::string out = phone.substr(0, 3);
    for (std::size_t at = 3; at < phone.size(); at += 3) {
        out += " " + phone.substr(at, 3);
    }
    return out;
}

void add_contacts(json::Object& user, const Person& person, Rng& rng, const UpvestUserStyle& style) {
    const bool drop_email = rng.chance(10);
    const bool drop_phone = rng.chance(25);
    if (style.keep_contacts || !drop_email) {
        user.push_back({"email", person.email});
    }
    if (style.keep_contacts || !drop_phone) {
        user.push_back({"phone_number", style.spaced_phone ? with_spaces(person.phone) : person.phone});
    }
}

void add_rare_fields(json::Object& user, const Person& person, Rng& rng) {
    static constexpr std::string_view salutations[] = {"SALUTATION_MALE", "SALUTATION_FEMALE",
                                                       "SALUTATION_DIVERSE"};
    static constexpr std::string_view genders[] = {"MALE", "FEMALE", "UNDECLARED"};
    if (rng.chance(60)) user.push_back({"salutation", rng.pick(salutations)});
    if (rng.chance(10)) user.push_back({"title", "DR"});
    if (rng.chance(50)) {
        user.push_back({"birth_city", person.city});
        user.push_back({"birth_country", person.country});
    }
    if (rng.chance(10)) user.push_back({"birth_name", person.last});
    if (rng.chance(40)) user.push_back({"decease_date", json::Value()});
    if (rng.chance(30)) {
        user.push_back(
            {"postal_address", rng.chance(50) ? json::Value() : json::Value(address(person, rng))});
    }
    if (rng.chance(20)) user.push_back({"gender", rng.pick(genders)});
    if (rng.chance(5)) user.push_back({"tags", json::Array{json::Value("CLIENT_EMPLOYEE")}});
    if (rng.chance(5)) user.push_back({"branch_id", rng.uuid()});
}

std::string_view group_status(Rng& rng) {
    const std::uint64_t draw = rng.below(100);
    if (draw < 80) return "ACTIVE";
    if (draw < 86) return "PENDING_APPROVAL";
    if (draw < 92) return "CLOSED";
    if (draw < 95) return "CLOSING";
    return draw < 98 ? "LOCKED" : "UNDER_REVIEW";
}

void add_members(json::Object& object, const UpvestMembers& members) {
    if (!members.business_id.empty()) {
        object.push_back({"business_id", members.business_id});
        return;
    }
    json::Array users;
    for (const UpvestMember& member : members.users) {
        users.push_back(json::Object{{"id", member.id}, {"type", member.type}});
    }
    object.push_back({"users", std::move(users)});
}

}  // namespace

json::Object upvest_user(const std::string& id, const Person& person, Rng& rng, UpvestUserStyle style) {
    static constexpr std::string_view statuses[] = {"ACTIVE", "ACTIVE",   "ACTIVE",      "ACTIVE",
                                                    "ACTIVE", "INACTIVE", "OFFBOARDING", "OFFBOARDED"};
    const domain::Timestamp created = random_moment(rng);
    const domain::Timestamp updated = later_moment(created, rng);
    json::Object user{{"id", id},
                      {"created_at", varied_text(created, rng)},
                      {"updated_at", varied_text(updated, rng)},
                      {"first_name", person.first},
                      {"last_name", person.last},
                      {"birth_date", person.birth},
                      {"nationalities", json::Array{json::Value(person.country)}},
                      {"address", address(person, rng)}};
    add_contacts(user, person, rng, style);
    add_rare_fields(user, person, rng);
    if (style.with_tax_number) {
        user.push_back({"social_security_number", person.tax});
    }
    if (rng.chance(50)) {
        user.push_back({"fatca", json::Object{{"status", false}, {"confirmed_at", plain_text(created)}}});
        user.push_back({"terms_and_conditions", confirmation(created)});
        user.push_back({"data_privacy_and_sharing_agreement", confirmation(created)});
    }
    user.push_back({"status", rng.chance(2) ? "UNDER_REVIEW" : rng.pick(statuses)});
    return user;
}

json::Object upvest_group(const std::string& id, const std::string& type, const UpvestMembers& members,
                          Rng& rng) {
    const domain::Timestamp created = random_moment(rng);
    json::Object group{{"id", id},
                       {"created_at", varied_text(created, rng)},
                       {"updated_at", varied_text(later_moment(created, rng), rng)},
                       {"type", type},
                       {"status", group_status(rng)}};
    add_members(group, members);
    if (!rng.chance(5)) {
        group.push_back({"securities_account_number", rng.digits(7 + rng.below(6))});
    }
    return group;
}

json::Object upvest_account(const std::string& id, const json::Object& group, const UpvestMembers& members,
                            int number, Rng& rng) {
    static constexpr std::string_view names[] = {"Trading", "Sparplan für später", "Épargne",
                                                 "Portfolio 60/40"};
    const domain::Timestamp created = random_moment(rng);
    json::Object account{{"id", id},
                         {"account_group_id", *json::find(group, "id")},
                         {"created_at", varied_text(created, rng)},
                         {"updated_at", varied_text(later_moment(created, rng), rng)},
                         {"type", rng.chance(1) ? "SANDBOX_ONLY"
                                  : number == 1 ? "TRADING"
                                                : "PORTFOLIO"},
                         {"status", *json::find(group, "status")}};
    add_members(account, members);
    account.push_back({"account_number", number});
    if (rng.chance(70)) {
        account.push_back({"name", rng.pick(names)});
    }
    return account;
}

}  // namespace tributary::sandbox
