#include <fmt/format.h>

#include "tests/sandbox/population/builder.hpp"
#include "tests/sandbox/population/tastytrade_objects.hpp"

namespace tributary::sandbox {

namespace {

std::string login_name(std::size_t index) {
    return fmt::format("tasty-{:02}", index + 1);
}

class TastytradeCast {
  public:
    explicit TastytradeCast(Builder& builder) : builder_(builder), rng_(builder.world.seed, "tastytrade") {}

    void customers() {
        for (std::size_t i = 0; i < 10; ++i) {
            builder_.world.tastytrade_logins.push_back(
                make_tastytrade_login(builder_.world.seed, login_name(i)));
            customer(i);
        }
        builder_.apart(Kind::tastytrade_customer, login_name(0), Kind::tastytrade_customer, login_name(1),
                       "household");
        builder_.apart(Kind::tastytrade_customer, login_name(Cast::taxed_like_a_login),
                       Kind::tastytrade_customer, login_name(Cast::look_alike_login),
                       "tax_number_contradicts");
    }

    void accounts() {
        const std::string joint = account(0, AccountStyle::production, "owner");
        share(1, joint, "trade-only");
        account(0, AccountStyle::production, "owner");
        account(0, AccountStyle::closed, "owner");
        account(1, AccountStyle::production, "owner");
        account(2, AccountStyle::certification, "owner");
        account(2, AccountStyle::certification, "owner");
        const std::string family = account(3, AccountStyle::production, "owner");
        share(9, family, "read-only");
        for (const std::size_t login : {5U, 6U, 7U, 8U}) {
            account(login, AccountStyle::production, "owner");
        }
        account(9, AccountStyle::loose, "owner");
        account(9, AccountStyle::loose, "view-plus");
    }

  private:
    void customer(std::size_t index) {
        Person person = builder_.people[index];
        CustomerStyle style = CustomerStyle::production;
        json::Object object;
        std::string identity = person.id;
        if (index == Cast::entity) {
            object = tastytrade_entity(person, rng_);
            identity = "entity-nordwind";
        } else {
            if (index == 2 || index == 4) style = CustomerStyle::certification;
            if (index == 9) {
                style = CustomerStyle::loose;
                person = spelled(person, Spelling::decomposed);
            }
            if (index == 3) {
                // Agrees with the other providers by telephone alone.
                person.email = "private." + person.email;
            }
            if (index == Cast::look_alike_login) {
                Person other = builder_.stranger_like(builder_.people[Cast::taxed_like_a_login]);
                other.tax = "98765" + rng_.digits(4);
                other.phone = builder_.people[index].phone;
                person = other;
                identity = other.id;
            }
            object = tastytrade_customer(person, style, rng_);
        }
        builder_.add(Kind::tastytrade_customer, login_name(index), "", object, identity);
    }

    std::string account(std::size_t login, AccountStyle style, const std::string& level) {
        const std::string number = fmt::format("5WT{:05}", ++accounts_);
        builder_.add(Kind::tastytrade_account, number, "", tastytrade_account(number, style, rng_));
        share(login, number, level);
        return number;
    }

    void share(std::size_t login, const std::string& number, const std::string& level) {
        const std::string name = login_name(login);
        builder_.add(Kind::tastytrade_access, name + "/" + number, name,
                     json::Object{{"authority-level", level}});
    }

    Builder& builder_;
    Rng rng_;
    unsigned accounts_ = 0;
};

}  // namespace

void cast_tastytrade(Builder& builder) {
    TastytradeCast cast(builder);
    cast.customers();
    cast.accounts();
}

}  // namespace tributary::sandbox
