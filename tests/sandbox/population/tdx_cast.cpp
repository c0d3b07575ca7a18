#include <fmt/format.h>

#include <algorithm>

#include "tests/sandbox/population/builder.hpp"
#include "tests/sandbox/population/tdx_objects.hpp"

namespace tributary::sandbox {

namespace {

/// More than a page of the largest size.
constexpr std::size_t bank_sub_accounts = 620;

class TdxCast {
  public:
    explicit TdxCast(Builder& builder) : builder_(builder), rng_(builder.world.seed, "tdx") {}

    void all() {
        society();
        individual("tdx-02", builder_.people[3], true);
        bound_key();
        bank();
        individual("tdx-06", builder_.people[Cast::tdx_individual], false);
    }

  private:
    /// A company with a manager's API key and people of whom many are known elsewhere.
    void society() {
        const std::string client =
            client_account("TYPE_SOCIETY", "Alpine Treasury AG", "VERIFICATION_STATUS_VERIFIED");
        const auto subs = sub_accounts(client, 12);
        const std::string manager = user(client, builder_.people[0], {.can_manage = true});
        add_key("tdx-01", manager, TdxVariant::base64_digest);
        grant(manager, subs, 12);
        for (std::size_t i = 1; i < builder_.people.size(); ++i) {
            if (i % 4 != 1 || Cast::reserved(i) || is_tastytrade_look_alike(i)) continue;
            const Person person =
                spelled(builder_.people[i], static_cast<Spelling>((i + 3) % spelling_count));
            grant(user(client, person,
                       {.status = i == 65 ? "STATUS_FROZEN" : "STATUS_ACTIVE",
                        .type = i == 69 ? "TYPE_ROBOT" : "TYPE_FRONT_OFFICE"}),
                  subs, 2);
        }
        shared_mailbox(client);
        namesakes(client);
    }

    /// A bank with hundreds of sub-accounts, a manager and a clerk who may not list users.
    void bank() {
        const std::string client =
            client_account("TYPE_BANK", "Banque du Léman SA", "VERIFICATION_STATUS_PENDING_VERIFY");
        const auto subs = sub_accounts(client, bank_sub_accounts);
        const std::string manager = user(client, builder_.people[Cast::bank_manager], {.can_manage = true});
        add_password("tdx-04", manager);
        grant(manager, subs, 40);
        Person clerk_person = builder_.people[Cast::bank_clerk];
        clerk_person.phone.clear();
        const std::string clerk = user(client, clerk_person, {.type = "TYPE_BACK_OFFICE"});
        add_password("tdx-05", clerk);
        grant(clerk, subs, 3);
        for (std::size_t i = 0; i < builder_.people.size(); ++i) {
            if (i % 10 != 3 || i == 3 || Cast::reserved(i)) continue;
            const Person person =
                spelled(builder_.people[i], static_cast<Spelling>((i + 4) % spelling_count));
            grant(user(client, person, {.status = i % 40 == 13 ? "STATUS_PENDING_MFA" : "STATUS_ACTIVE"}),
                  subs, 5);
        }
    }

    /// A key that speaks for one sub-account of its user's four.
    void bound_key() {
        const std::string client =
            client_account("TYPE_SOCIETY", "Kiesel & Cie", "VERIFICATION_STATUS_ON_HOLD");
        const auto subs = sub_accounts(client, 4);
        const std::string owner = user(client, builder_.people[4], {.can_manage = true});
        grant(owner, subs, 4);
        add_key("tdx-03", owner, TdxVariant::raw_digest);
        builder_.world.tdx_logins.back().only_sub_account = subs.front();
    }

    void individual(const std::string& name, const Person& person, bool by_key) {
        const std::string client = client_account("TYPE_NOMINATIVE", person.first + " " + person.last,
                                                  "VERIFICATION_STATUS_VERIFIED");
        const auto subs = sub_accounts(client, 3);
        const std::string owner = user(client, person, {});
        grant(owner, subs, 3);
        by_key ? add_key(name, owner, TdxVariant::base64_digest) : add_password(name, owner);
    }

    /// Colleagues who all give the office's address.
    void shared_mailbox(const std::string& client) {
        std::string first;
        for (int i = 0; i < 4; ++i) {
            Person person = builder_.stranger_like(builder_.people[0]);
            person.first = fmt::format("{} {}", other_first(person.first, rng_), "ABCD"[i]);
            person.email = "desk@alpine.example";
            const std::string id = user(client, person, {});
            if (first.empty()) {
                first = id;
            } else {
                builder_.apart(Kind::tdx_user, first, Kind::tdx_user, id, "shared_mailbox");
            }
        }
    }

    /// Two users of one name, and one of a name that Upvest knows; no contact agrees.
    void namesakes(const std::string& client) {
        Person person = builder_.stranger_like(builder_.people[1]);
        person.first = "Carla";
        person.email = "carla.one@mail.example";
        const std::string one = user(client, person, {});
        person = builder_.stranger_like(person);
        person.email = "carla.two@mail.example";
        builder_.apart(Kind::tdx_user, one, Kind::tdx_user, user(client, person, {}), "namesake");
    }

    static bool is_tastytrade_look_alike(std::size_t index) {
        return index >= Cast::entity && index <= Cast::look_alike_login;
    }

    std::string client_account(std::string_view type, std::string_view name, std::string_view verification) {
        const std::string id = rng_.uuid();
        builder_.add(Kind::tdx_client_account, id, "",
                     tdx_client_account(id, type, name, verification, rng_));
        for (const std::string_view key : {"segment", "onboarding"}) {
            const std::string attribute = rng_.uuid();
            builder_.add(Kind::tdx_client_account_attribute, attribute, id,
                         tdx_attribute(attribute, key, rng_));
        }
        return id;
    }

    std::vector<std::string> sub_accounts(const std::string& client, std::size_t count) {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < count; ++i) {
            ids.push_back(rng_.uuid());
            const std::string name = i == 0 ? "Main Trading Account" : fmt::format("Portfolio №{}", i);
            builder_.add(Kind::tdx_sub_account, ids.back(), client,
                         tdx_sub_account(ids.back(), client, name, i == 0, rng_));
        }
        return ids;
    }

    std::string user(const std::string& client, const Person& person, TdxUserStyle style) {
        const std::string id = rng_.uuid();
        const std::string username = fmt::format("user{}@login.example", ++users_);
        builder_.add(Kind::tdx_user, id, client, tdx_user(id, client, username, person, style, rng_),
                     person.id);
        const std::string preferences = rng_.uuid();
        builder_.add(Kind::tdx_preferences, preferences, id, tdx_preferences(preferences, id, rng_));
        return id;
    }

    void grant(const std::string& user, const std::vector<std::string>& subs, std::size_t count) {
        const std::size_t start = count >= subs.size() ? 0 : rng_.below(subs.size() - count);
        for (std::size_t i = start; i < std::min(subs.size(), start + count); ++i) {
            builder_.add(Kind::tdx_access, user + "/" + subs[i], user, tdx_access(user, subs[i], rng_));
        }
    }

    void add_attributes(const std::string& user) {
        for (const std::string_view key : {"theme", "font", "layout"}) {
            const std::string id = rng_.uuid();
            builder_.add(Kind::tdx_user_attribute, id, user, tdx_attribute(id, key, rng_));
        }
    }

    void add_key(const std::string& name, const std::string& user, TdxVariant variant) {
        builder_.world.tdx_logins.push_back(make_tdx_api_key(builder_.world.seed, name, user, variant));
        add_attributes(user);
    }

    void add_password(const std::string& name, const std::string& user) {
        const json::Object object = object_of(*builder_.world.of(Kind::tdx_user).find(user));
        const std::string username = *json::find(object, "username")->if_string();
        builder_.world.tdx_logins.push_back(make_tdx_password(builder_.world.seed, name, user, username));
        add_attributes(user);
    }

    Builder& builder_;
    Rng rng_;
    unsigned users_ = 0;
};

}  // namespace

void cast_tdx(Builder& builder) {
    TdxCast(builder).all();
}

}  // namespace tributary::sandbox
