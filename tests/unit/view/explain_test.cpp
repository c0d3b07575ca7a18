// Why a customer says what it says: the same as its document, whatever its members say.
#include "services/view/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "services/view/documents.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/json_paths.hpp"
#include "services/view/leaves.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using domain::EntityKind;
using domain::Field;
using domain::Profile;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::ExplainedRecord;
using domain::ports::ExplainRead;

namespace {

Uuid id(std::string_view name) {
    return domain::named_uuid({}, name);
}

/// Fields that are absent, null or have a value, as it comes.
class Dice {
  public:
    explicit Dice(unsigned seed) : random_(seed) {}

    int draw(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }

    std::string word() { return "w" + std::to_string(draw(0, 3)); }

    void fill(std::string& to) { to = word(); }

    void fill(bool& to) { to = draw(0, 1) == 1; }

    void fill(std::int64_t& to) { to = draw(0, 3); }

    void fill(json::Number& to) { to.lexeme = std::to_string(draw(0, 3)); }

    void fill(domain::Date& to) { to = *domain::parse_date("2001-02-0" + std::to_string(draw(1, 4))); }

    void fill(Timestamp& to) { to = Timestamp(std::chrono::seconds(draw(1, 4))); }

    void fill(json::Object&) {}

    template <class E>
    void fill(domain::EnumPair<E>& to) {
        to.value = E::other;
        if (draw(0, 1) == 1) {
            to.provider_text = word();
        }
    }

    template <class T>
    void fill(Field<T>& to) {
        const int drawn = draw(0, 3);
        if (drawn == 0) {
            to = domain::Null{};
        } else if (drawn > 1) {
            T value{};
            fill(value);
            to = std::move(value);
        }
    }

    template <class T>
        requires(!std::same_as<std::vector<T>, json::Object>)
    void fill(std::vector<T>& to) {
        if (draw(0, 1) == 1) {
            to.emplace_back();
            fill(to.back());
        }
    }

    template <domain::Described T>
    void fill(T& to) {
        domain::for_each_member(to, [this](std::string_view, auto& member) { this->fill(member); });
    }

  private:
    std::mt19937 random_;
};

constexpr std::string_view providers[] = {"upvest", "tdx", "tastytrade"};

ExplainedRecord record_of(const Uuid& profile, const Profile& said, int number) {
    ExplainedRecord record;
    record.said.entity_id = profile;
    record.said.connection_id = id("c" + std::to_string(number));
    record.said.stream = "s" + std::to_string(number);
    record.said.provider_id = std::to_string(number);
    record.said.fullness = number % 2;
    record.said.normalized = json::write(json::to_object(said));
    record.said.changed_at = Timestamp(std::chrono::seconds(number));
    record.raw = "{}";
    return record;
}

/// A customer as the store would have it.
struct Stored {
    ExplainRead read;
    domain::Precedence precedence;

    void add(const std::string& name, std::string_view provider, const std::vector<Profile>& records) {
        const Uuid profile = id(name);
        std::vector<domain::ports::Contribution> contributions;
        for (const Profile& said : records) {
            read.records.push_back(record_of(profile, said, static_cast<int>(read.records.size())));
            contributions.push_back(read.records.back().said);
        }
        read.profiles.push_back({{profile, EntityKind::profile, std::string(provider),
                                  domain::ProviderEnvironment::sandbox, name},
                                 view::composed_text(EntityKind::profile, contributions),
                                 std::nullopt});
    }

    view::Explanation explain() {
        std::vector<view::MemberProfile> members;
        for (const domain::ports::EntityState& profile : read.profiles) {
            members.push_back({profile.anchor, view::read_profile(*profile.normalized), {}});
        }
        read.customer.document = domain::ports::StoredDocument{};
        read.customer.document->body =
            view::customer_content(id("customer"), std::move(members), {}, precedence).text;
        return view::explain(read, precedence, [](auto, auto, auto) { return std::nullopt; });
    }
};

Profile with_email(const std::string& email, int updated_at) {
    Profile profile;
    profile.email = email;
    profile.source_updated_at = Timestamp(std::chrono::seconds(updated_at));
    return profile;
}

const view::ExplainedField& field(const view::Explanation& explanation, std::string_view path) {
    const auto found = std::ranges::find(explanation.fields, path, &view::ExplainedField::path);
    REQUIRE(found != explanation.fields.end());
    return *found;
}

}  // namespace

TEST_CASE("an explanation has every merged field of the document with its very value, for any members") {
    const auto seeds = static_cast<unsigned>(tests::full_or(2'000, 100));
    for (unsigned seed = 0; seed < seeds; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        Stored stored;
        const int members = dice.draw(1, 4);
        for (int i = 0; i < members; ++i) {
            std::vector<Profile> records(static_cast<std::size_t>(dice.draw(1, 3)));
            for (Profile& said : records) {
                dice.fill(said);
            }
            stored.add("p" + std::to_string(i), providers[dice.draw(0, 2)], records);
        }
        if (dice.draw(0, 1) == 1) {
            stored.precedence.usual = {std::string(providers[dice.draw(0, 2)])};
            stored.precedence.by_field["email"] = {std::string(providers[dice.draw(0, 2)])};
        }
        const view::Explanation explanation = stored.explain();
        CHECK(explanation.matches_document);
        for (const view::ExplainedField& explained : explanation.fields) {
            CAPTURE(explained.path);
            // Whoever is named really says so.
            const auto& source = explained.winner.source;
            const auto record = std::ranges::find_if(stored.read.records, [&](const ExplainedRecord& one) {
                return one.said.entity_id == source.profile.id && one.said.stream == source.stream.stream;
            });
            REQUIRE(record != stored.read.records.end());
            const auto said = json::parse(record->said.normalized);
            const view::Leaves leaves = view::leaves_of(*said->root.if_object());
            const json::Value* value = view::leaf(leaves, explained.path);
            REQUIRE(value != nullptr);
            CHECK(json::write(*value) == json::write(explained.winner.value));
            CHECK((explained.rule == "only_value") == explained.losers.empty());
        }
    }
}

TEST_CASE("the newest profile's word counts first, and the others' are told as what it won against") {
    Stored stored;
    stored.add("old", "upvest", {with_email("old@example.com", 1)});
    stored.add("new", "tdx", {with_email("new@example.com", 2)});
    const auto explanation = stored.explain();
    const auto& email = field(explanation, "email");
    CHECK(json::write(email.winner.value) == "\"new@example.com\"");
    CHECK(email.rule == "newest_profile");
    REQUIRE(email.losers.size() == 1);
    CHECK(json::write(email.losers.front().value) == "\"old@example.com\"");
    CHECK(email.losers.front().source.profile.id == id("old"));
    CHECK(field(explanation, "source_updated_at").rule == "latest");
}

TEST_CASE("a provider that is listed for a field comes first there, and nowhere else") {
    Stored stored;
    Profile old_one = with_email("old@example.com", 1);
    old_one.phone = std::string("+491");
    Profile new_one = with_email("new@example.com", 2);
    new_one.phone = std::string("+492");
    stored.add("old", "upvest", {old_one});
    stored.add("new", "tdx", {new_one});
    stored.precedence.by_field["email"] = {"upvest"};
    const auto explanation = stored.explain();
    CHECK(json::write(field(explanation, "email").winner.value) == "\"old@example.com\"");
    CHECK(field(explanation, "email").rule == "precedence");
    CHECK(json::write(field(explanation, "phone").winner.value) == "\"+492\"");
    CHECK(field(explanation, "phone").rule == "newest_profile");
}

TEST_CASE("a value wins over the null of a newer profile, and a fuller record over another of the same") {
    Stored stored;
    Profile newer = with_email("", 2);
    newer.email = domain::Null{};
    stored.add("old", "upvest", {with_email("old@example.com", 1)});
    stored.add("new", "tdx", {newer});
    CHECK(field(stored.explain(), "email").rule == "value_over_null");

    Stored one;
    one.add("p", "tdx", {with_email("full@example.com", 1), with_email("list@example.com", 2)});
    const auto explanation = one.explain();
    CHECK(json::write(field(explanation, "email").winner.value) == "\"full@example.com\"");
    CHECK(field(explanation, "email").rule == "fullest_shape");
    CHECK(field(explanation, "email").winner.source.stream.stream == "s0");
}

TEST_CASE("an explanation says so where the precedence was changed since the document was made") {
    Stored stored;
    stored.add("old", "upvest", {with_email("old@example.com", 1)});
    stored.add("new", "tdx", {with_email("new@example.com", 2)});
    CHECK(stored.explain().matches_document);
    domain::Precedence changed;
    changed.usual = {"upvest"};
    const auto explanation =
        view::explain(stored.read, changed, [](auto, auto, auto) { return std::nullopt; });
    CHECK_FALSE(explanation.matches_document);
}

TEST_CASE(
    "a place in a payload is told as JSONPath: the first with a value, all that make the field together") {
    const auto payload = json::parse(
        R"({"first-name":null,"person":{"first-name":"Ann"},"address":{"city":"Ulm"},"postal_address":null})");
    const auto paths = [&](std::vector<std::string_view> places) {
        return view::json_paths(payload->root, {places});
    };
    CHECK(paths({"first-name|person.first-name"}) == std::vector<std::string>{"$.person['first-name']"});
    CHECK(paths({"address", "postal_address"}) == std::vector<std::string>{"$.address", "$.postal_address"});
    CHECK(paths({"unknown|first-name"}) == std::vector<std::string>{"$['first-name']"});
    CHECK(paths({"unknown"}).empty());
}
