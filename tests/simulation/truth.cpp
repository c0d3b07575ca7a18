#include "tests/simulation/truth.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::simulation {

using domain::EntityKind;
using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

bool Object::was_absent(Instant from, Instant until) const {
    return std::ranges::any_of(
        absences, [&](const auto& absence) { return absence.first <= until && absence.second >= from; });
}

std::vector<const Object*> Bank::list(Collection collection, std::size_t connection) const {
    std::vector<const Object*> listed;
    for (const auto& [key, object] : objects(collection)) {
        if (object.present && sees(connection, object)) {
            listed.push_back(&object);
        }
    }
    std::ranges::sort(listed, {},
                      [](const Object* object) { return std::pair(object->position, object->key); });
    return listed;
}

const Object* Bank::find(Collection collection, const std::string& key) const {
    const auto found = objects(collection).find(key);
    return found == objects(collection).end() ? nullptr : &found->second;
}

Object& Bank::add(Collection collection, Object object) {
    Stock& stock = stocks_.at(collection);
    stock.list_changed_at = object.changed_at;
    std::string key = object.key;
    return stock.objects.emplace(std::move(key), std::move(object)).first->second;
}

Object& Bank::change(Collection collection, const std::string& key, Instant now) {
    Object& object = stocks_.at(collection).objects.at(key);
    ++object.version;
    object.changed_at = now;
    return object;
}

void Bank::remove(Collection collection, const std::string& key, Instant now) {
    Stock& stock = stocks_.at(collection);
    Object& object = stock.objects.at(key);
    object.present = false;
    object.absences.emplace_back(now, Instant::max());
    stock.list_changed_at = now;
}

void Bank::bring_back(Collection collection, const std::string& key, Instant now) {
    Stock& stock = stocks_.at(collection);
    Object& object = stock.objects.at(key);
    object.present = true;
    object.absences.back().second = now;
    ++object.version;
    object.changed_at = now;
    stock.list_changed_at = now;
}

void Bank::move(Collection collection, const std::string& key, std::uint64_t position) {
    stocks_.at(collection).objects.at(key).position = position;
}

Truth::Truth(Dice& dice, FaultPlan& faults, const Timeline& timeline)
    : dice_(dice), faults_(faults), timeline_(timeline) {
    found_people();
    for (Bank* bank : all_) {
        found_bank(*bank);
    }
}

/// People who are easily taken for each other: a household with one phone, namesakes, a father and a son with
/// one name and one phone.
void Truth::found_people() {
    const auto born = [](int y) { return domain::Date(year(1950 + y), month(4), day(7)); };
    const std::size_t count = 4 + dice_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
        const int n = static_cast<int>(i);
        people_.push_back({fmt::format("First{}", n), fmt::format("Last{}", n / 2),
                           fmt::format("person{}@example.com", n), fmt::format("+4930123450{}", n / 2),
                           born(n)});
    }
    people_[2].first_name = people_[0].first_name;
    people_[2].last_name = people_[0].last_name;
    people_[3].first_name = people_[1].first_name;
    people_[3].last_name = people_[1].last_name;
    people_[3].phone = people_[1].phone;
}

void Truth::found_bank(Bank& bank) {
    for (std::size_t person = 0; person < people_.size(); ++person) {
        if (person < 2 || dice_.chance(0.7)) {
            add_profile(bank, person, false);
        }
        if (dice_.chance(0.1)) {
            add_profile(bank, person, true);
        }
        if (dice_.chance(0.2)) {
            add_profile(bank, person, false);
        }
    }
    const auto groups = &bank == &beta_ ? dice_.between(2, 4) : 0;
    for (int i = 0; i < groups; ++i) {
        add_group(bank);
    }
    const auto accounts = dice_.between(4, 12);
    for (int i = 0; i < accounts; ++i) {
        add_account(bank);
    }
}

void Truth::add_profile(Bank& bank, std::size_t person, bool company) {
    Object profile;
    profile.kind = EntityKind::profile;
    profile.key = fmt::format("{}-p{:03}", bank.name(), next_key_++);
    profile.position = some_position();
    profile.changed_at = timeline_.now();
    profile.person = person;
    profile.company = company;
    // The first two are the owners of the connections and are seen by both.
    profile.widely_visible = bank.objects(Collection::profiles).size() < 2 || dice_.chance(0.6);
    if (&bank == &alpha_ && dice_.chance(0.6)) {
        Object preferences = profile;
        preferences.key = "pref-" + profile.key;
        preferences.profile = profile.key;
        bank.add(Collection::preferences, std::move(preferences));
    }
    bank.add(Collection::profiles, std::move(profile));
}

void Truth::add_account(Bank& bank) {
    Object account;
    account.kind = EntityKind::account;
    account.key = fmt::format("{}-a{:03}", bank.name(), next_key_++);
    account.position = some_position();
    account.changed_at = timeline_.now();
    account.widely_visible = dice_.chance(0.6);
    account.holders = some_holders(bank);
    account.group = some_group(bank);
    bank.add(Collection::accounts, std::move(account));
}

void Truth::add_group(Bank& bank) {
    Object group;
    group.kind = EntityKind::account_group;
    group.key = fmt::format("{}-g{:03}", bank.name(), next_key_++);
    group.position = some_position();
    group.changed_at = timeline_.now();
    group.widely_visible = dice_.chance(0.6);
    group.holders = some_holders(bank);
    bank.add(Collection::groups, std::move(group));
}

std::vector<Holder> Truth::some_holders(const Bank& bank) {
    std::vector<Holder> holders;
    const Bank::Objects& profiles = bank.objects(Collection::profiles);
    const auto wanted = 1 + dice_.below(2);
    for (std::size_t i = 0; i < wanted; ++i) {
        const auto& chosen =
            std::next(profiles.begin(), static_cast<std::ptrdiff_t>(dice_.below(profiles.size())));
        const auto level = dice_.chance(0.5) ? domain::AccessLevel::owner : domain::AccessLevel::read_only;
        if (std::ranges::find(holders, chosen->first, &Holder::profile) == holders.end()) {
            holders.push_back({chosen->first, level});
        }
    }
    return holders;
}

std::string Truth::some_group(const Bank& bank) {
    const Bank::Objects& groups = bank.objects(Collection::groups);
    if (groups.empty()) {
        return "";
    }
    return std::next(groups.begin(), static_cast<std::ptrdiff_t>(dice_.below(groups.size())))->first;
}

Collection Truth::some_collection(const Bank& bank) {
    static constexpr Collection of_alpha[] = {Collection::profiles, Collection::accounts,
                                              Collection::accounts, Collection::preferences};
    static constexpr Collection of_beta[] = {Collection::profiles, Collection::accounts, Collection::accounts,
                                             Collection::groups};
    return &bank == &alpha_ ? of_alpha[dice_.below(4)] : of_beta[dice_.below(4)];
}

/// The owners of the connections (the first two profiles) stay.
const Object* Truth::some_object(const Bank& bank, Collection collection, bool present) {
    std::vector<const Object*> eligible;
    std::size_t index = 0;
    for (const auto& [key, object] : bank.objects(collection)) {
        const bool owner = collection == Collection::profiles && index++ < 2;
        if (object.present == present && !owner) {
            eligible.push_back(&object);
        }
    }
    return eligible.empty() ? nullptr : eligible[dice_.below(eligible.size())];
}

void Truth::let_change(Bank& bank) {
    const Collection collection = some_collection(bank);
    const std::size_t size = bank.objects(collection).size();
    if (size < 25 && faults_.strikes(Fault::object_added)) {
        switch (collection) {
            case Collection::profiles:
                add_profile(bank, dice_.below(people_.size()), false);
                break;
            case Collection::accounts:
                add_account(bank);
                break;
            case Collection::groups:
                add_group(bank);
                break;
            case Collection::preferences:
                break;
        }
    }
    if (faults_.strikes(Fault::object_changed)) {
        change_something(bank, collection);
    }
    if (const Object* away = some_object(bank, collection, true);
        away != nullptr && faults_.strikes(Fault::object_removed)) {
        bank.remove(collection, away->key, timeline_.now());
    }
    if (const Object* back = some_object(bank, collection, false);
        back != nullptr && faults_.strikes(Fault::object_returned)) {
        if (dice_.chance(0.5)) {
            bank.move(collection, back->key, some_position());
        }
        bank.bring_back(collection, back->key, timeline_.now());
    }
}

void Truth::change_something(Bank& bank, Collection collection) {
    const Object* chosen = some_object(bank, collection, true);
    if (chosen == nullptr) {
        return;
    }
    Object& object = bank.change(collection, chosen->key, timeline_.now());
    if (object.kind == EntityKind::profile && collection == Collection::profiles) {
        object.wrong_birth_date = dice_.chance(0.3);
    } else if (collection == Collection::accounts) {
        object.holders = some_holders(bank);
        object.group = some_group(bank);
    } else if (collection == Collection::groups) {
        object.holders = some_holders(bank);
    }
}

void Truth::correct_mistakes() {
    for (Bank* bank : all_) {
        std::vector<std::string> wrong;
        for (const auto& [key, object] : bank->objects(Collection::profiles)) {
            if (object.wrong_birth_date) {
                wrong.push_back(key);
            }
        }
        for (const std::string& key : wrong) {
            bank->change(Collection::profiles, key, timeline_.now()).wrong_birth_date = false;
        }
    }
}

}  // namespace tributary::simulation
