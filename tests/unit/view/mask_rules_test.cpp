#include "services/view/mask_rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "domain/json/parse.hpp"
#include "filled_documents.hpp"

using namespace tributary;
using domain::EntityKind;
using view::Masking;
using view::MaskRule;

namespace {

constexpr auto kinds = {EntityKind::customer, EntityKind::account, EntityKind::sub_account,
                        EntityKind::account_group};

/// Members of a document, down to where a rule decides about all that is below.
void collect_members(const json::Object& object, std::span<const MaskRule> rules, const std::string& at,
                     std::set<std::string>& found, std::set<std::string>& undecided) {
    for (const json::Entry& entry : object) {
        const std::string path = at + "/" + entry.key;
        const auto rule = std::ranges::find(rules, entry.key, &MaskRule::member);
        (rule == rules.end() ? undecided : found).insert(path);
        if (rule == rules.end() || rule->masking != Masking::objects) continue;
        REQUIRE(entry.value.if_array() != nullptr);
        for (const json::Value& element : *entry.value.if_array()) {
            REQUIRE(element.if_object() != nullptr);
            collect_members(*element.if_object(), rule->inside, path, found, undecided);
        }
    }
}

void collect_rules(std::span<const MaskRule> rules, const std::string& at, std::set<std::string>& all) {
    for (const MaskRule& rule : rules) {
        const std::string path = at + "/" + std::string(rule.member);
        CHECK_MESSAGE(all.insert(path).second, path << " is decided twice");
        collect_rules(rule.inside, path, all);
    }
}

std::string joined(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
        all += " " + text;
    }
    return all;
}

std::vector<MaskRule> rules_of(EntityKind kind) {
    std::vector<MaskRule> all(view::mask_rules(kind).begin(), view::mask_rules(kind).end());
    all.insert(all.end(), view::stamp_mask_rules().begin(), view::stamp_mask_rules().end());
    return all;
}

}  // namespace

TEST_CASE("every member that a document can have is decided about, and nothing else is") {
    const tests::FilledDocuments documents = tests::filled_documents(1);
    for (const EntityKind kind : kinds) {
        CAPTURE(domain::name_of(kind));
        const auto parsed = json::parse(documents.texts.at(kind));
        REQUIRE(parsed);
        const std::vector<MaskRule> rules = rules_of(kind);
        std::set<std::string> found;
        std::set<std::string> undecided;
        collect_members(*parsed->root.if_object(), rules, "", found, undecided);
        CHECK_MESSAGE(undecided.empty(), "decide in mask_rules.cpp:" << joined(undecided));
        std::set<std::string> decided;
        collect_rules(rules, "", decided);
        CHECK_MESSAGE(decided == found, "no document has one of:" << joined(decided));
    }
}

TEST_CASE("what has no documents shows nothing but its stamp") {
    CHECK(view::mask_rules(EntityKind::profile).empty());
    CHECK(view::mask_rules(EntityKind::other).empty());
}
