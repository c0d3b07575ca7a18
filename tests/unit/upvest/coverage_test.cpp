// No decoder may drop what the provider shows: every leaf of every example, once changed and once removed,
// must change what the decoder makes of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "adapters/upvest/decode.hpp"
#include "domain/json/write.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Page;
using domain::Result;

namespace {

struct Exemption {
    std::string_view path;
    std::string_view reason;
};

constexpr Exemption exemptions[] = {
    {"/meta/offset", "an echo of the request; the walk proves its place by overlapping items"},
    {"/meta/limit", "an echo of the request"},
    {"/meta/count", "the walk counts the items themselves; a disagreement is drift"},
    {"/meta/sort", "an echo of the request, wrong in the provider's own examples"},
    {"/meta/order", "an echo of the request"},
};

bool is_exempt(std::string_view path) {
    return std::ranges::find(exemptions, path, &Exemption::path) != std::end(exemptions);
}

/// Everything that a page says, drift and raw text aside.
bool same_meaning(const Result<Page>& left, const Result<Page>& right) {
    if (!left || !right) {
        return left.has_value() == right.has_value();
    }
    const auto same = [](const domain::Observation& a, const domain::Observation& b) {
        return a.provider_id == b.provider_id && a.entity == b.entity && a.founds_entity == b.founds_entity &&
               a.normalized == b.normalized && a.access == b.access &&
               a.source_updated_at == b.source_updated_at;
    };
    return left->total == right->total && left->item_keys == right->item_keys &&
           left->next_cursor == right->next_cursor && left->self == right->self &&
           left->quarantined.size() == right->quarantined.size() &&
           std::ranges::equal(left->observations, right->observations, same);
}

/// Another value of the same form, so that what must notice it is the meaning and not the reader's tolerance.
json::Value another(const json::Value& leaf) {
    if (const std::string* text = leaf.if_string()) {
        if (domain::parse_timestamp(*text)) {
            return "2001-02-03T04:05:06Z";
        }
        return domain::parse_date(*text) ? json::Value("2001-02-03") : json::Value(*text + "X");
    }
    if (const json::Number* number = leaf.if_number()) {
        return json::Number{number->lexeme + "1"};
    }
    if (const bool* flag = leaf.if_bool()) {
        return !*flag;
    }
    return "2001-02-03";
}

class LeafWalk {
  public:
    using Decode = std::function<Result<Page>(std::string_view)>;

    LeafWalk(json::Value root, Decode decode)
        : root_(std::move(root)), decode_(std::move(decode)), original_(decode_(json::write(root_))) {
        REQUIRE(original_);
    }

    std::size_t run() {
        visit(root_, "");
        return leaves_;
    }

  private:
    void visit(json::Value& value, const std::string& path) {
        if (json::Object* object = value.if_object()) {
            for (std::size_t i = 0; i < object->size(); ++i) {
                visit_member(*object, i, path + "/" + (*object)[i].key,
                             [](json::Entry& e) -> json::Value& { return e.value; });
            }
        } else if (json::Array* array = value.if_array()) {
            for (std::size_t i = 0; i < array->size(); ++i) {
                visit_member(*array, i, path + "/" + std::to_string(i),
                             [](json::Value& v) -> json::Value& { return v; });
            }
        }
    }

    template <class Container, class ValueOf>
    void visit_member(Container& container, std::size_t i, const std::string& path, ValueOf value_of) {
        json::Value& member = value_of(container[i]);
        // An empty array or object holds nothing that could be dropped.
        if (member.if_object() != nullptr || member.if_array() != nullptr) {
            visit(member, path);
            return;
        }
        ++leaves_;
        if (is_exempt(path)) {
            return;
        }
        INFO("leaf: ", path);
        const json::Value kept = member;
        member = another(kept);
        const bool change_seen = !same_meaning(original_, decode_(json::write(root_)));
        CHECK_MESSAGE(change_seen, "the decoder does not see a change of this leaf");
        member = kept;

        const auto removed = container[i];
        container.erase(container.begin() + static_cast<std::ptrdiff_t>(i));
        const bool removal_seen = !same_meaning(original_, decode_(json::write(root_)));
        CHECK_MESSAGE(removal_seen, "the decoder does not see that this leaf is gone");
        container.insert(container.begin() + static_cast<std::ptrdiff_t>(i), removed);
    }

    json::Value root_;
    Decode decode_;
    Result<Page> original_;
    std::size_t leaves_ = 0;
};

std::size_t walk_list(EntityKind kind, std::string_view name) {
    CAPTURE(name);
    return LeafWalk(tests::fixture(name),
                    [kind](std::string_view body) { return upvest::decode_list(kind, body); })
        .run();
}

std::size_t walk_object(json::Value object) {
    const std::string id = tests::text_at(object, "id");
    return LeafWalk(std::move(object),
                    [id](std::string_view body) {
                        return upvest::decode_single(EntityKind::account_group, id, body);
                    })
        .run();
}

}  // namespace

TEST_CASE("no leaf of the provider's own lists is dropped") {
    CHECK(walk_list(EntityKind::account_group, "account_groups") == 14);
    CHECK(walk_list(EntityKind::account_group, "user_account_groups") == 14);
}

TEST_CASE("no leaf of the provider's own objects is dropped, whoever sends them") {
    CHECK(walk_object(tests::fixture("account_group")) == 8);
    CHECK(walk_object(tests::fixture("create_account_group_answer")) == 8);
    CHECK(walk_object(tests::at(tests::fixture("account_group_created_event"), "object")) == 8);
}

TEST_CASE("no leaf of the documented variants, users and accounts is dropped") {
    CHECK(walk_list(EntityKind::account_group, "account_group_variants") > 50);
    CHECK(walk_list(EntityKind::profile, "users") > 60);
    CHECK(walk_list(EntityKind::account, "accounts") > 40);
}
