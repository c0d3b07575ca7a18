#include "churn.hpp"

#include <utility>

#include "tests/e2e/oracle/expected_world.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::chaos {

using domain::EntityKind;
using e2e::array;
using e2e::text;

namespace {

constexpr int operations_a_round = 4;
/// Below the gate that holds back large removals.
constexpr std::size_t objects_a_list = 5;

}  // namespace

Churn::Churn(e2e::RunningSystem& system, std::uint64_t seed) : system_(system), random_(seed) {
    choose_objects();
}

void Churn::choose_objects() {
    const json::Value population = system_.sandbox().population();
    const e2e::Viewer viewer{system_.tenant(), system_.connections()};
    const auto choose = [&](const std::string& provider, const std::string& kind, EntityKind ours,
                            const std::string& list) {
        const json::Array& all = array(population, list);
        for (std::size_t i = 0; i < objects_a_list; ++i) {
            // Spread over the list, so that every page has some.
            const std::string id = text(all.at(i * (all.size() - 1) / (objects_a_list - 1)), "id");
            objects_.push_back({provider, kind, id, viewer.id_of(provider, ours, id)});
        }
    };
    choose("upvest", "account", EntityKind::account, "upvest.upvest-01.accounts");
    choose("upvest", "account", EntityKind::account, "upvest.upvest-02.accounts");
    choose("tdx", "sub_account", EntityKind::sub_account, "tdx.tdx-01.sub_accounts");
}

json::Object Churn::remove_or_bring_back(Object& object) {
    object.present = !object.present;
    if (!object.present) ever_removed_.insert(object.document);
    return {{"op", object.present ? "readd" : "remove"},
            {"provider", object.provider},
            {"kind", object.kind},
            {"id", object.id}};
}

json::Object Churn::rename(const Object& object) {
    const json::Object patch{{"name", "Name " + std::to_string(++renamed_)}};
    return {{"op", "change"},
            {"provider", object.provider},
            {"kind", object.kind},
            {"id", object.id},
            {"patch", patch}};
}

void Churn::round() {
    json::Array operations;
    for (int i = 0; i < operations_a_round; ++i) {
        Object& object = objects_[random_() % objects_.size()];
        const bool rename_it = object.present && random_() % 2 == 0;
        operations.emplace_back(rename_it ? rename(object) : remove_or_bring_back(object));
    }
    system_.sandbox().change(std::move(operations));
}

}  // namespace tributary::chaos
