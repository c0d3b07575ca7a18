// The documentation's own examples: nothing that they show may be lost on the way into the domain.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "adapters/tastytrade/pages.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "fakes.hpp"
#include "leaves.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;

namespace {

using Decode = std::function<domain::Result<domain::Page>(std::string_view)>;

struct Seed {
    std::string file;
    Decode decode;
    std::size_t leaves;
};

const Seed seeds[] = {
    {"customer.json",
     [](std::string_view body) {
         return tastytrade::decode_customer(body, {.connection = "c", .profile = {}});
     },
     63},
    {"accounts.json", [](std::string_view body) { return tastytrade::decode_accounts(body, "C0000037211"); },
     39},
    {"account.json",
     [](std::string_view body) { return tastytrade::decode_account(body, "C0000037211", "5WT00001"); }, 19},
};

/// What a user can be shown of a page: the normalized objects and who may do what, without ids and raw
/// payloads.
std::string encoded(const domain::Result<domain::Page>& page) {
    if (!page) {
        return "refused";
    }
    json::Array objects;
    for (const domain::Observation& seen : page->observations) {
        json::Object object =
            std::visit([](const auto& normalized) { return json::to_object(normalized); }, seen.normalized);
        for (const domain::AccessGrant& grant : seen.access) {
            json::Object level;
            json::codec_detail::encode_member(level, "level", grant.level);
            json::set(object, "access", std::move(level));
        }
        objects.emplace_back(std::move(object));
    }
    return json::write(objects);
}

/// The only leaves that the domain has no use for.
const std::map<std::string, std::string> exempt = {
    {"/context", "repeats the path of the request, and is wrong in one of the examples"},
    {"/data/id", "always the word `me`, which identifies nobody"},
};

std::vector<Path> leaves_of(const json::Value& root) {
    std::vector<Path> leaves;
    collect_leaves(root, {}, leaves);
    return leaves;
}

/// Whether the damage shows in what is normalized.
bool shows(const Seed& seed, const json::Value& root, const Path& leaf, Damage damage) {
    return encoded(seed.decode(json::write(damaged(root, leaf, damage)))) !=
           encoded(seed.decode(json::write(root)));
}

}  // namespace

TEST_CASE("the normalized objects change when any leaf of the examples changes") {
    for (const Seed& seed : seeds) {
        const json::Value root = json::parse(fixture(seed.file))->root;
        const std::vector<Path> leaves = leaves_of(root);
        CHECK_MESSAGE(leaves.size() == seed.leaves, seed.file);
        for (const Path& leaf : leaves) {
            CHECK_MESSAGE(shows(seed, root, leaf, Damage::change) != exempt.contains(to_text(leaf)),
                          seed.file << " " << to_text(leaf));
        }
    }
}

TEST_CASE("the normalized objects change when any leaf of the examples is removed") {
    const Path person = {"data", "person"};
    for (const Seed& seed : seeds) {
        const json::Value root = json::parse(fixture(seed.file))->root;
        // The person fills the customer's gaps with the same values, which would hide a removal.
        const json::Value alone = damaged(root, person, Damage::remove);
        for (const Path& leaf : leaves_of(root)) {
            const bool in_person = to_text(leaf).starts_with(to_text(person));
            CHECK_MESSAGE(
                shows(seed, in_person ? root : alone, leaf, Damage::remove) != exempt.contains(to_text(leaf)),
                seed.file << " " << to_text(leaf));
        }
    }
}

TEST_CASE("the examples hold nothing that the decoder finds odd") {
    for (const Seed& seed : seeds) {
        const auto page = seed.decode(fixture(seed.file));
        REQUIRE(page);
        CHECK(page->drift.empty());
        CHECK(page->quarantined.empty());
        CHECK(page->item_keys.size() == page->observations.size());
        CHECK_FALSE(page->next_cursor);
        CHECK_FALSE(page->total);
    }
}

TEST_CASE("the raw payload is the object as it was sent") {
    const json::Value customer = json::parse(fixture("customer.json"))->root;
    const json::Value accounts = json::parse(fixture("accounts.json"))->root;
    CHECK(seeds[0].decode(fixture("customer.json"))->observations.at(0).raw == *customer.find("data"));
    const auto page = seeds[1].decode(fixture("accounts.json"));
    CHECK(page->observations.at(1).raw == accounts.find("data")->find("items")->if_array()->at(1));
}
