#include "tests/sandbox/population/builder.hpp"
#include "tests/sandbox/population/upvest_holdings.hpp"
#include "tests/sandbox/population/upvest_look_alikes.hpp"
#include "tests/sandbox/population/upvest_objects.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::string_view first_client = "upvest-01";
constexpr std::string_view second_client = "upvest-02";

class UpvestCast {
  public:
    explicit UpvestCast(Builder& builder) : builder_(builder), rng_(builder.world.seed, "upvest users") {}

    void users() {
        for (std::size_t i = 0; i < builder_.people.size(); ++i) {
            if (i >= Cast::entity && i <= Cast::look_alike_login) continue;
            const bool at_second = i % 3 == 2;
            const Person& person = builder_.people[i];
            const UpvestUserStyle style{.keep_contacts = i < Cast::reserved_end || i % 4 != 2 || i % 15 == 0,
                                        .with_tax_number = i % 4 == 0 || Cast::tax_number_is_doubted(i),
                                        .spaced_phone = i % 7 == 0};
            user(at_second ? second_client : first_client, spelled(person, spelling(i)), style);
            if (i % 15 == 0)
                user(at_second ? first_client : second_client, spelled(person, spelling(i + 1)), style);
        }
    }

    /// People whom two clients know by tax number alone: the contacts differ.
    void known_by_tax_number() {
        for (const std::size_t i : {61U, 64U, 67U, 70U}) {
            Person elsewhere = builder_.people[i];
            replace_tax_number(elsewhere);
            elsewhere.email = "office." + elsewhere.email;
            elsewhere.phone = "+4420790" + elsewhere.phone.substr(elsewhere.phone.size() - 5);
            user(second_client, elsewhere, {.with_tax_number = true});
        }
    }

  private:
    static Spelling spelling(std::size_t index) { return static_cast<Spelling>(index % spelling_count); }

    /// Makes sure that the profile the person already has shows the tax number.
    void replace_tax_number(const Person& person) {
        Item& item = *builder_.world.of(Kind::upvest_user)
                          .find_any(profile_of(builder_, Kind::upvest_user, person.id).id);
        json::Object object = object_of(item);
        json::set(object, "social_security_number", person.tax);
        set_object(item, Kind::upvest_user, object);
    }

    void user(std::string_view client, const Person& person, UpvestUserStyle style) {
        const std::string id = rng_.uuid();
        builder_.add(Kind::upvest_user, id, std::string(client), upvest_user(id, person, rng_, style),
                     person.id);
    }

    Builder& builder_;
    Rng rng_;
};

}  // namespace

void cast_upvest(Builder& builder, std::size_t group_count) {
    const std::uint64_t seed = builder.world.seed;
    builder.world.upvest_clients.push_back(
        make_upvest_client(seed, std::string(first_client), UpvestKeyKind::ed25519));
    builder.world.upvest_clients.push_back(
        make_upvest_client(seed, std::string(second_client), UpvestKeyKind::p521_sealed));
    UpvestCast cast(builder);
    cast.users();
    cast.known_by_tax_number();
    add_upvest_look_alikes(builder);
    const std::size_t of_second = group_count / 5;
    add_upvest_holdings(builder, std::string(first_client), group_count - of_second);
    add_upvest_holdings(builder, std::string(second_client), of_second);
}

}  // namespace tributary::sandbox
