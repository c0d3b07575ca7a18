// The world as it is: people, and what the providers really hold about them at every moment. The oracle.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/kinds.hpp"
#include "domain/time.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/timeline.hpp"

namespace tributary::simulation {

struct Person {
    std::string first_name;
    std::string last_name;
    std::string email;
    std::string phone;
    domain::Date birth_date;
};

struct Holder {
    std::string profile;
    domain::AccessLevel level = domain::AccessLevel::owner;

    friend bool operator==(const Holder&, const Holder&) = default;
};

/// One object at a provider. Removed ones stay here, with when they were away.
struct Object {
    domain::EntityKind kind = domain::EntityKind::other;
    std::string key;
    /// Its place in every list.
    std::uint64_t position = 0;
    std::uint64_t version = 1;
    Instant changed_at{0};
    bool present = true;
    /// From, until; the last may be open (Instant::max()).
    std::vector<std::pair<Instant, Instant>> absences;
    /// Not every connection sees everything.
    bool widely_visible = true;
    /// Profiles: whose.
    std::size_t person = 0;
    bool company = false;
    bool wrong_birth_date = false;
    /// Satellites: the profile they belong to.
    std::string profile;
    /// Accounts: who may do what; groups: whose they are.
    std::vector<Holder> holders;
    std::string group;

    /// Whether it was away at any moment of this span.
    [[nodiscard]] bool was_absent(Instant from, Instant until) const;
};

enum class Collection { profiles, preferences, accounts, groups };

/// One provider's side.
class Bank {
  public:
    explicit Bank(std::string name) : name_(std::move(name)) {}

    [[nodiscard]] const std::string& name() const { return name_; }

    using Objects = std::map<std::string, Object>;

    [[nodiscard]] const Objects& objects(Collection collection) const { return at(collection).objects; }

    /// Present objects that the connection sees, in the list's order.
    [[nodiscard]] std::vector<const Object*> list(Collection collection, std::size_t connection) const;
    [[nodiscard]] const Object* find(Collection collection, const std::string& key) const;

    [[nodiscard]] static bool sees(std::size_t connection, const Object& object) {
        return connection == 0 || object.widely_visible;
    }

    /// When an object last came, left or moved.
    [[nodiscard]] Instant list_changed_at(Collection collection) const {
        return at(collection).list_changed_at;
    }

    Object& add(Collection collection, Object object);
    Object& change(Collection collection, const std::string& key, Instant now);
    void remove(Collection collection, const std::string& key, Instant now);
    void bring_back(Collection collection, const std::string& key, Instant now);
    void move(Collection collection, const std::string& key, std::uint64_t position);

    /// Every request is answered 429 until then.
    Instant blocked_until{0};

  private:
    struct Stock {
        Objects objects;
        Instant list_changed_at{0};
    };

    [[nodiscard]] const Stock& at(Collection collection) const { return stocks_.at(collection); }

    std::string name_;
    std::map<Collection, Stock> stocks_{{Collection::profiles, {}},
                                        {Collection::preferences, {}},
                                        {Collection::accounts, {}},
                                        {Collection::groups, {}}};
};

/// Both banks and the people behind them.
class Truth {
  public:
    Truth(Dice& dice, FaultPlan& faults, const Timeline& timeline);

    [[nodiscard]] const Person& person(std::size_t index) const { return people_[index]; }

    [[nodiscard]] const std::vector<Bank*>& banks() const { return all_; }

    [[nodiscard]] Bank& bank(std::string_view name) { return name == alpha_.name() ? alpha_ : beta_; }

    /// Something may change at a bank between any two requests.
    void let_change(Bank& bank);
    /// Ends the mistakes, which are the banks' own and would be right to keep people apart.
    void correct_mistakes();

  private:
    void found_people();
    void found_bank(Bank& bank);
    void add_profile(Bank& bank, std::size_t person, bool company);
    void add_account(Bank& bank);
    void add_group(Bank& bank);
    std::vector<Holder> some_holders(const Bank& bank);
    std::string some_group(const Bank& bank);

    std::uint64_t some_position() { return dice_.below(1'000'000'000); }

    const Object* some_object(const Bank& bank, Collection collection, bool present);
    void change_something(Bank& bank, Collection collection);
    [[nodiscard]] Collection some_collection(const Bank& bank);

    Dice& dice_;
    FaultPlan& faults_;
    const Timeline& timeline_;
    std::vector<Person> people_;
    Bank alpha_{"alpha"};
    Bank beta_{"beta"};
    std::vector<Bank*> all_{&alpha_, &beta_};
    int next_key_ = 0;
};

}  // namespace tributary::simulation
