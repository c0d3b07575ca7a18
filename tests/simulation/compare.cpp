// I2 and the customers: what is stored at the end against the truth, through the documents that the API
// serves.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/ids.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/simulation/checks.hpp"
#include "tests/simulation/observations.hpp"
#include "tests/simulation/provider.hpp"

namespace tributary::simulation {

namespace {

using domain::EntityKind;
using domain::Uuid;

/// Throws the first difference; ends in compare_with_truth().
[[noreturn]] void differ(std::string invariant, std::string what) {
    throw Violation{std::move(invariant), std::move(what)};
}

std::string text_of(const json::Value* value) {
    const std::string* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? *text : "";
}

class Comparison {
  public:
    explicit Comparison(const CheckedWorld& world) : world_(world), db_(world.database) {}

    void run() {
        for (const auto& [id, row] : db_.connections.rows()) {
            compare_records(id, row);
        }
        for (const auto& [id, row] : db_.documents.rows()) {
            if (!row.state.removed) {
                documents_.emplace(id, json::parse(row.state.body).value().root);
                kinds_.emplace(id, row.state.kind);
            }
        }
        std::map<EntityKind, std::size_t> expected;
        for (const Bank* bank : world_.truth.banks()) {
            collect_profiles(*bank);
            expected[EntityKind::account] += compare_targets(*bank, Collection::accounts);
            expected[EntityKind::account_group] += compare_targets(*bank, Collection::groups);
        }
        for (const auto& [kind, count] : expected) {
            const auto stored =
                std::ranges::count(kinds_, kind, [](const auto& entry) { return entry.second; });
            if (static_cast<std::size_t>(stored) != count) {
                differ("I3",
                       fmt::format("{} documents of kind {}, but {} objects", stored, name_of(kind), count));
            }
        }
        compare_customers();
    }

  private:
    Bank& bank_of(const ConnectionRow& row) const { return world_.truth.bank(row.view.provider); }

    void compare_records(const Uuid& connection, const ConnectionRow& row) {
        Bank& bank = bank_of(row);
        const std::size_t place = world_.places.at(connection);
        for (const auto& facts : streams_of(bank.name())) {
            const domain::ports::StreamRef stream{connection, facts.name};
            const auto objects = shown(bank, facts.name, place);
            for (const Object* object : objects) {
                const std::string name =
                    fmt::format("{}[{}] {}/{}", bank.name(), place, facts.name, object->key);
                const RecordRow* record = db_.records.find({stream, object->key});
                if (record == nullptr || record->removed) {
                    differ("I2", name + " is missing");
                }
                const auto seen = observation_of(world_.truth, bank, *object, facts.name);
                if (record->raw != json::write(seen.raw)) {
                    differ("I2", fmt::format("{} is {} and should be {}", name, record->raw,
                                             json::write(seen.raw)));
                }
            }
            if (db_.live_records(stream) != objects.size()) {
                differ("I2", fmt::format("{}[{}] {} has {} records and {} objects", bank.name(), place,
                                         facts.name, db_.live_records(stream), objects.size()));
            }
        }
    }

    [[nodiscard]] Uuid id_of(const Bank& bank, EntityKind kind, const std::string& key) const {
        return domain::entity_id({db_.tenant, bank.name(), domain::ProviderEnvironment::sandbox}, kind, key);
    }

    /// Whether any connection shows it.
    [[nodiscard]] bool visible(const Bank& bank, const Object& object) const {
        if (!object.present) {
            return false;
        }
        for (const auto& [id, row] : db_.connections.rows()) {
            const auto shows = [&](const std::string& stream) {
                const auto objects = shown(bank, stream, world_.places.at(id));
                return std::ranges::find(objects, &object) != objects.end();
            };
            if (row.view.provider == bank.name() &&
                (Bank::sees(world_.places.at(id), object) ||
                 (bank.name() == "alpha" && object.kind == EntityKind::profile && shows("me")))) {
                return true;
            }
        }
        return false;
    }

    const json::Value& document(const Bank& bank, EntityKind kind, const std::string& key) const {
        const auto found = documents_.find(id_of(bank, kind, key));
        if (found == documents_.end()) {
            differ("I2", "no document of " + key);
        }
        return found->second;
    }

    static void compare_version(const json::Value& document, const Object& object) {
        const json::Value* details = document.find("details");
        const json::Value* version = details != nullptr ? details->find("version") : nullptr;
        if (version == nullptr || json::write(*version) != std::to_string(object.version)) {
            differ("I2", "the document of " + object.key + " is not of its present version");
        }
    }

    std::size_t compare_targets(const Bank& bank, Collection collection) {
        std::size_t count = 0;
        for (const auto& [key, object] : bank.objects(collection)) {
            if (!visible(bank, object)) {
                continue;
            }
            ++count;
            const json::Value& body = document(bank, object.kind, key);
            compare_version(body, object);
            compare_holders(bank, object, body);
            if (object.kind == EntityKind::account_group) {
                compare_members(bank, object, body);
            }
        }
        return count;
    }

    void compare_holders(const Bank& bank, const Object& object, const json::Value& body) {
        std::map<std::string, std::string> expected;
        const bool group = object.kind == EntityKind::account_group;
        for (const Holder& holder : object.holders) {
            expected[to_text(id_of(bank, EntityKind::profile, holder.profile))] =
                group ? "owner" : std::string(name_of(holder.level));
        }
        std::map<std::string, std::string> served;
        for (const json::Value& entry : *body.find(group ? "users" : "access")->if_array()) {
            const std::string profile = text_of(entry.find("profile_id"));
            served[profile] = text_of(entry.find(group ? "type" : "level"));
            const std::string named = text_of(entry.find("customer_id"));
            // A profile that is gone has no customer, whatever access is left to it.
            const bool present = people_.contains(profile);
            if (named != (present ? to_text(*db_.memberships.find(*domain::parse_uuid(profile))) : "")) {
                differ("customers", object.key + " names another customer than its holder is in");
            }
        }
        if (served != expected) {
            differ("I2", object.key + " has other holders than it should");
        }
    }

    void compare_members(const Bank& bank, const Object& group, const json::Value& body) {
        std::set<std::string> expected;
        for (const auto& [key, account] : bank.objects(Collection::accounts)) {
            if (account.group == group.key && visible(bank, account)) {
                expected.insert(to_text(id_of(bank, EntityKind::account, key)));
            }
        }
        std::set<std::string> served;
        for (const json::Value& id : *body.find("account_ids")->if_array()) {
            served.insert(text_of(&id));
        }
        if (served != expected) {
            differ("I2", group.key + " has other accounts than it should");
        }
    }

    void collect_profiles(const Bank& bank) {
        for (const auto& [key, object] : bank.objects(Collection::profiles)) {
            if (visible(bank, object)) {
                people_[to_text(id_of(bank, EntityKind::profile, key))] = {&bank, &object};
            }
        }
    }

    struct KnownProfile {
        const Bank* bank = nullptr;
        const Object* object = nullptr;
    };

    using Somebody = std::pair<std::size_t, bool>;

    void compare_customers() {
        std::map<Somebody, std::string> customer_of;
        std::size_t served = 0;
        for (const auto& [id, kind] : kinds_) {
            if (kind != EntityKind::customer) {
                continue;
            }
            for (const json::Value& entry : *documents_.at(id).find("profiles")->if_array()) {
                const std::string profile = text_of(entry.find("id"));
                const auto known = people_.find(profile);
                if (known == people_.end()) {
                    differ("customers", "a profile that is gone is shown: " + profile);
                }
                ++served;
                compare_profile(known->second, entry);
                const Object& object = *known->second.object;
                const auto first =
                    customer_of.try_emplace({object.person, object.company}, to_text(id)).first;
                if (first->second != to_text(id)) {
                    differ("customers", fmt::format("person {} is split in two", object.person));
                }
                if (*db_.memberships.find(*domain::parse_uuid(profile)) != id) {
                    differ("customers", "a profile is shown by a customer that it is not in");
                }
            }
        }
        std::set<std::string> distinct;
        for (const auto& [somebody, customer] : customer_of) {
            if (!distinct.insert(customer).second) {
                differ("customers", fmt::format("person {} is merged with another", somebody.first));
            }
        }
        if (served != people_.size()) {
            differ("customers", fmt::format("{} profiles are shown and {} exist", served, people_.size()));
        }
    }

    void compare_profile(const KnownProfile& known, const json::Value& entry) {
        compare_version(entry, *known.object);
        const Object* preferences = known.bank->find(Collection::preferences, "pref-" + known.object->key);
        const json::Value* served = entry.find("preferences");
        const bool expected = preferences != nullptr && visible(*known.bank, *preferences);
        if (expected != (served != nullptr)) {
            differ("I2", "the preferences of " + known.object->key + " are not as they should be");
        }
    }

    const CheckedWorld& world_;
    const Database& db_;
    std::map<Uuid, json::Value> documents_;
    std::map<Uuid, EntityKind> kinds_;
    std::map<std::string, KnownProfile> people_;
};

}  // namespace

std::optional<Violation> compare_with_truth(const CheckedWorld& world) {
    try {
        Comparison(world).run();
    } catch (const Violation& difference) {
        return difference;
    }
    return std::nullopt;
}

}  // namespace tributary::simulation
