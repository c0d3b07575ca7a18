// What the casts share: the world under construction and the people it is made of.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sandbox/population/person.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// Fixed places of the cast: who of the people plays what. Indexes into Builder::people.
struct Cast {
    /// tastytrade logins 01 to 10 are people 0 to 9; 5 is an entity instead.
    static constexpr std::size_t entity = 5;
    /// At tastytrade alone, because they look like somebody else.
    static constexpr std::size_t taxed_like_an_upvest_user = 6;
    static constexpr std::size_t taxed_like_a_login = 7;
    static constexpr std::size_t look_alike_login = 8;
    /// Logs in at T-DX under an own client account.
    static constexpr std::size_t tdx_individual = 10;
    static constexpr std::size_t bank_manager = 11;
    static constexpr std::size_t bank_clerk = 12;
    /// People from here to `reserved_end` are known to Upvest alone, so that their look-alikes have no way
    /// round.
    static constexpr std::size_t reserved_begin = 20;
    static constexpr std::size_t reserved_end = 60;
    /// The smallest population in which every part of the cast is there.
    static constexpr std::size_t smallest = 100;

    /// Told from their look-alikes by tax number alone, so that every profile of theirs must show it.
    static bool tax_number_is_doubted(std::size_t index) { return index >= 48 && index < 52; }

    static bool reserved(std::size_t index) { return index >= reserved_begin && index < reserved_end; }
};

struct Builder {
    World& world;
    std::vector<Person> people;
    std::size_t next_person = 0;

    /// A person of its own that starts as a copy.
    Person stranger_like(const Person& person) {
        Person copy = person;
        copy.id = "person-x" + std::to_string(next_person++);
        return copy;
    }

    void add(Kind kind, const std::string& id, const std::string& parent, const json::Object& object,
             const std::string& person = {}) {
        world.of(kind).add(make_item(kind, id, parent, object, person));
    }

    void apart(Kind left_kind, const std::string& left, Kind right_kind, const std::string& right,
               std::string_view reason, bool suggested = false) {
        world.look_alikes.push_back({left_kind, left, right_kind, right, std::string(reason), suggested});
    }
};

/// The profile that a person has in a collection; the person must have one.
const Item& profile_of(const Builder& builder, Kind kind, const std::string& person);

void cast_tastytrade(Builder& builder);
void cast_tdx(Builder& builder);
/// After the other two: some of its look-alikes are theirs.
void cast_upvest(Builder& builder, std::size_t group_count);

}  // namespace tributary::sandbox
