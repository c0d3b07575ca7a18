#include "tests/sandbox/population/upvest_look_alikes.hpp"

#include "tests/sandbox/population/upvest_objects.hpp"

namespace tributary::sandbox {

namespace {

/// How a stranger differs from the person he looks like. Every case has four strangers.
struct Case {
    std::string_view reason;
    /// True where the identity rule asks an operator instead of keeping the two apart.
    bool suggested;
    bool with_tax_number;
    void (*change)(Person&, Rng&);
};

void other_contacts(Person& person, Rng& rng) {
    person.email = "someone." + person.email;
    person.phone = "+35319" + rng.digits(6);
}

constexpr Case cases[] = {
    {"namesake", false, false,
     [](Person& person, Rng& rng) {
         person.birth = other_birth(person.birth, rng);
         other_contacts(person, rng);
     }},
    {"birth_date_contradicts", false, false,
     [](Person& person, Rng& rng) { person.birth = other_birth(person.birth, rng); }},
    {"household", false, false,
     [](Person& person, Rng& rng) {
         person.first = other_first(person.first, rng);
         person.birth = other_birth(person.birth, rng);
     }},
    {"twins", true, false, [](Person& person, Rng& rng) { person.first = other_first(person.first, rng); }},
    {"father_and_son", false, false,
     [](Person& person, Rng& rng) {
         person.birth = other_birth(person.birth, rng);
         person.email = "junior." + person.email;
     }},
    {"changed_name", true, false,
     [](Person& person, Rng& rng) { person.last = other_last(person.last, rng); }},
    {"same_name_and_birth_date", true, false, other_contacts},
    {"tax_number_contradicts", false, true,
     [](Person& person, Rng& rng) { person.tax = "55555" + rng.digits(4); }},
};

class LookAlikes {
  public:
    explicit LookAlikes(Builder& builder)
        : builder_(builder), rng_(builder.world.seed, "upvest look-alikes") {}

    void of_upvest_users() {
        std::size_t index = Cast::reserved_begin;
        for (const Case& each : cases) {
            for (int i = 0; i < 4; ++i, ++index) {
                Person stranger = builder_.stranger_like(builder_.people[index]);
                each.change(stranger, rng_);
                // A fresh profile of the original, so that its contacts and tax number are surely there.
                const std::string original = user(i % 2 == 0 ? "upvest-01" : "upvest-02",
                                                  builder_.people[index], each.with_tax_number);
                const std::string other =
                    user(i < 2 ? "upvest-01" : "upvest-02", stranger, each.with_tax_number);
                builder_.apart(Kind::upvest_user, original, Kind::upvest_user, other, each.reason,
                               each.suggested);
            }
        }
    }

    void of_a_tastytrade_customer() {
        const Person& original = builder_.people[Cast::taxed_like_an_upvest_user];
        Person stranger = builder_.stranger_like(original);
        stranger.tax = "44444" + rng_.digits(4);
        builder_.apart(Kind::tastytrade_customer,
                       profile_of(builder_, Kind::tastytrade_customer, original.id).id, Kind::upvest_user,
                       user("upvest-01", stranger, true), "tax_number_contradicts");
    }

  private:
    std::string user(const std::string& client, const Person& person, bool with_tax_number) {
        const std::string id = rng_.uuid();
        const UpvestUserStyle style{.with_tax_number = with_tax_number};
        builder_.add(Kind::upvest_user, id, client, upvest_user(id, person, rng_, style), person.id);
        return id;
    }

    Builder& builder_;
    Rng rng_;
};

}  // namespace

void add_upvest_look_alikes(Builder& builder) {
    LookAlikes look_alikes(builder);
    look_alikes.of_upvest_users();
    look_alikes.of_a_tastytrade_customer();
}

}  // namespace tributary::sandbox
