#include "changing_bank.hpp"

#include <array>
#include <stdexcept>

namespace tributary::tests {

using domain::EntityKind;
using domain::Errc;
using domain::Observation;
using domain::Page;
using domain::Result;
using domain::ports::ActionEffect;
using domain::ports::ActionKind;
using domain::ports::ActionOrder;
using domain::ports::StreamFacts;
using domain::ports::Task;

namespace {

std::span<const StreamFacts> bank_streams() {
    static const std::array<StreamFacts, 3> facts{
        {{.name = "people", .kind = EntityKind::profile},
         {.name = "attributes", .kind = EntityKind::profile, .fullness = 1},
         {.name = "groups", .kind = EntityKind::account_group}}};
    return facts;
}

Observation seen(std::string id, domain::EntityRef entity, domain::Normalized normalized, json::Object raw) {
    Observation observation;
    observation.provider_id = std::move(id);
    observation.entity = std::move(entity);
    observation.normalized = std::move(normalized);
    observation.raw = std::move(raw);
    return observation;
}

Observation person(const ChangingBank& bank) {
    domain::Profile profile;
    profile.details = {{"language", bank.language}};
    return seen("p1", {EntityKind::profile, "p1"}, profile, {{"language", bank.language}});
}

Observation attribute(const std::string& id) {
    domain::Profile profile;
    domain::Attribute attribute;
    attribute.id = id;
    profile.attributes.push_back(attribute);
    Observation observation = seen(id, {EntityKind::profile, "p1"}, profile, {{"id", id}});
    observation.founds_entity = false;
    return observation;
}

Observation group(const std::string& id, const std::string& status) {
    domain::AccountGroup made;
    made.status =
        domain::EnumPair<domain::AccountStatus>{domain::value_named<domain::AccountStatus>(status), status};
    Observation observation =
        seen(id, {EntityKind::account_group, id}, made, {{"id", id}, {"status", status}});
    observation.access.push_back({"p1", {EntityKind::account_group, id}, {}, {}, {}});
    return observation;
}

std::string group_of(const std::string& key) {
    return "made-" + key;
}

Page page_of(const ChangingBank& bank, const std::string& stream) {
    Page page;
    if (stream == "people") {
        page.observations.push_back(person(bank));
        page.self.profile = "p1";
    }
    if (stream == "attributes") {
        for (const std::string& id : bank.attributes)
            page.observations.push_back(attribute(id));
    }
    if (stream == "groups") {
        page.observations.push_back(group("g1", bank.group_status));
        for (const std::string& key : bank.groups_made) {
            page.observations.push_back(group(group_of(key), "active"));
        }
    }
    for (const Observation& observation : page.observations) {
        page.item_keys.push_back(observation.provider_id);
    }
    return page;
}

class BankDesk final : public domain::ports::ActionDesk {
  public:
    explicit BankDesk(ChangingBank& bank) : bank_(bank) {}

    Task<Result<ActionEffect>> perform(ActionOrder order) override {
        bank_.asked.emplace_back("perform");
        const ChangingBank::Turn turn = next(bank_.performs);
        if (bank_.before_perform) {
            co_await bank_.before_perform();
        }
        if (turn.does) {
            change(order);
        }
        co_return answer(turn, order);
    }

    Task<Result<ActionEffect>> look(ActionOrder order) override {
        bank_.asked.emplace_back("look");
        const ChangingBank::Turn turn = next(bank_.looks);
        if (order.kind == ActionKind::create_account_group && !turn.answers) {
            co_return domain::fail(Errc::invalid_input, "Only its key can tell.");
        }
        co_return answer(turn, order);
    }

  private:
    static ChangingBank::Turn next(std::deque<ChangingBank::Turn>& turns) {
        if (turns.empty()) return {};
        ChangingBank::Turn turn = turns.front();
        turns.pop_front();
        return turn;
    }

    void change(const ActionOrder& order) {
        switch (order.kind) {
            case ActionKind::put_preferences:
                bank_.language = *json::find(order.arguments, "language")->if_string();
                break;
            case ActionKind::put_attribute:
                bank_.attributes.insert(*json::find(order.arguments, "key")->if_string());
                break;
            case ActionKind::delete_attribute:
                bank_.attributes.erase(order.subject);
                break;
            case ActionKind::create_account_group:
                // The bank knows a creation by its key.
                if (!bank_.groups_made.insert(to_text(order.key)).second) return;
                break;
            default:
                bank_.group_status = bank_.closes_at_once ? "closed" : "closing";
        }
        ++bank_.effects;
    }

    [[nodiscard]] Result<ActionEffect> answer(const ChangingBank::Turn& turn,
                                              const ActionOrder& order) const {
        if (turn.dies) throw std::runtime_error("the process died");
        if (turn.answers) return std::unexpected(*turn.answers);
        return effect(order);
    }

    [[nodiscard]] ActionEffect effect(const ActionOrder& order) const {
        ActionEffect found;
        found.finished = true;
        switch (order.kind) {
            case ActionKind::put_preferences:
                found.stands = bank_.language == *json::find(order.arguments, "language")->if_string();
                found.stream = "people";
                break;
            case ActionKind::put_attribute:
                found.object_id = *json::find(order.arguments, "key")->if_string();
                found.stands = bank_.attributes.contains(found.object_id);
                found.stream = "attributes";
                break;
            case ActionKind::delete_attribute:
                found.stands = !bank_.attributes.contains(order.subject);
                found.stream = "attributes";
                found.removed = {order.subject};
                return found;
            case ActionKind::create_account_group:
                found.stands = true;
                found.stream = "groups";
                found.object_id = group_of(to_text(order.key));
                break;
            default:
                found.stands = bank_.group_status != "active";
                found.finished = bank_.group_status == "closed";
                found.stream = "groups";
        }
        found.page = page_of(bank_, found.stream);
        return found;
    }

    ChangingBank& bank_;
};

class BankSession final : public domain::ports::ProviderSession {
  public:
    explicit BankSession(ChangingBank& bank) : bank_(bank), desk_(bank) {}

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return bank_streams(); }

    Task<Result<Page>> fetch(const std::string& stream, domain::ports::PageRequest) override {
        co_return page_of(bank_, stream);
    }

    Task<Result<Page>> read(const std::string&, const std::string&) override {
        co_return domain::fail(Errc::invalid_input, "Nothing is read by itself here.");
    }

    domain::ports::ActionDesk* actions() override { return &desk_; }

  private:
    ChangingBank& bank_;
    BankDesk desk_;
};

class BankProvider final : public domain::ports::Provider {
  public:
    explicit BankProvider(ChangingBank& bank) : bank_(bank) {}

    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return bank_streams(); }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<Page> decode(std::string_view, const json::Value&,
                                      const domain::SelfIds&) const override {
        return domain::fail(Errc::internal, "Nothing is decoded here.");
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return std::make_unique<BankSession>(bank_);
    }

    [[nodiscard]] bool takes(ActionKind) const override { return true; }

    [[nodiscard]] std::vector<domain::Error> check_action(ActionKind,
                                                          const json::Object& arguments) const override {
        std::vector<domain::Error> faults;
        for (const json::Entry& entry : arguments) {
            if (entry.key == "colour") {
                faults.push_back({Errc::invalid_input, "This member is not known.", "/colour"});
            }
        }
        return faults;
    }

  private:
    ChangingBank& bank_;
};

}  // namespace

std::unique_ptr<domain::ports::Provider> make_changing_bank(ChangingBank& bank) {
    return std::make_unique<BankProvider>(bank);
}

}  // namespace tributary::tests
