#include "tests/sandbox/population/upvest_holdings.hpp"

#include "tests/sandbox/population/upvest_objects.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::size_t groups_a_user = 8;

std::string_view group_type(Rng& rng) {
    const std::uint64_t draw = rng.below(100);
    if (draw < 55) return "PERSONAL";
    if (draw < 65) return "JOINT";
    if (draw < 73) return "FRENCH_PEA";
    if (draw < 81) return "ISA";
    if (draw < 89) return "CHILD";
    if (draw < 94) return "BUSINESS";
    return draw < 98 ? "LEGAL_ENTITY" : "PENSION_POT";
}

class Holdings {
  public:
    Holdings(Builder& builder, std::string client)
        : builder_(builder),
          client_(std::move(client)),
          rng_(builder.world.seed, "holdings of " + client_),
          users_(builder.world.of(Kind::upvest_user).in_order(client_)) {}

    void add(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string type(group_type(rng_));
            const UpvestMembers members = members_of(type, i);
            const std::string id = rng_.uuid();
            const json::Object group = upvest_group(id, type, members, rng_);
            builder_.add(Kind::upvest_account_group, id, client_, group);
            const int accounts = rng_.chance(3) ? 0 : rng_.chance(20) ? 2 : 1;
            for (int number = 1; number <= accounts; ++number) {
                const std::string account = rng_.uuid();
                builder_.add(Kind::upvest_account, account, client_,
                             upvest_account(account, group, members, number, rng_));
            }
        }
    }

  private:
    /// The user whose turn it is, or one nobody knows.
    std::string user_at(std::size_t turn) {
        const bool unknown = turn >= users_.size() * groups_a_user || rng_.chance(10);
        return unknown ? rng_.uuid() : users_[turn % users_.size()]->id;
    }

    UpvestMembers members_of(const std::string& type, std::size_t turn) {
        if (type == "BUSINESS") return {.users = {}, .business_id = rng_.uuid()};
        if (type == "JOINT")
            return {.users = {{user_at(turn), "OWNER"}, {user_at(turn + 1), "OWNER"}}, .business_id = {}};
        if (type == "CHILD") {
            UpvestMembers members{.users = {{user_at(turn), "CHILD"}, {user_at(turn + 1), "GUARDIAN"}},
                                  .business_id = {}};
            if (rng_.chance(30)) members.users.push_back({user_at(turn + 2), "GUARDIAN"});
            return members;
        }
        return {.users = {{user_at(turn), rng_.chance(1) ? "TRUSTEE" : "OWNER"}}, .business_id = {}};
    }

    Builder& builder_;
    std::string client_;
    Rng rng_;
    std::vector<const Item*> users_;
};

}  // namespace

void add_upvest_holdings(Builder& builder, const std::string& client, std::size_t group_count) {
    Holdings(builder, client).add(group_count);
}

}  // namespace tributary::sandbox
