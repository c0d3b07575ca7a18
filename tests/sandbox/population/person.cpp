#include "tests/sandbox/population/person.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tributary::sandbox {

namespace {

constexpr std::string_view firsts[] = {
    "Anna",    "Zoë",   "José",   "Łukasz", "Søren", "Françoise", "Jean-Luc", "Mary Ann", "Ольга",   "Ελένη",
    "Jürgen",  "Björn", "Chloé",  "Dáithí", "Emma",  "Giulia",    "Hélène",   "Ivan",     "Inés",    "Kim",
    "Lars",    "Márta", "Noah",   "Oliver", "Paul",  "Quentin",   "René",     "Sofia",    "Tomáš",   "Ursula",
    "Valérie", "Wanda", "Xavier", "Yara",   "Ángel", "Rosa Lee",  "Mateusz",  "Nuño",     "Siobhán", "明",
};
constexpr std::string_view lasts[] = {
    "Müller", "Strauß",   "Muñoz",    "O’Connor", "de la Cruz",    "van der Berg", "Kowalski",
    "Øster",  "Bianchi",  "Rossi",    "Smith",    "Jones",         "Brown",        "García",
    "Núñez",  "Ångström", "Dvořák",   "Иванова",  "Παπαδάκη",      "Fischer",      "Weber",
    "Keller", "Meier",    "Lefèvre",  "Besançon", "Saint-Exupéry", "Lindqvist",    "Novák",
    "Szabó",  "Horváth",  "Doe",      "Taylor",   "Martin",        "Bernard",      "Dubois",
    "Zhang",  "Tanaka",   "McDonald", "Brontë",   "Citroën",
};

struct Place {
    std::string_view city;
    std::string_view region;
    std::string_view country;
    std::string_view country3;
    std::string_view dial;
};

constexpr Place places[] = {
    {"Chicago", "IL", "US", "USA", "+1312555"}, {"Zürich", "ZH", "CH", "CHE", "+4179200"},
    {"Köln", "NW", "DE", "DEU", "+4915123"},    {"Orléans", "Centre", "FR", "FRA", "+336120"},
    {"Málaga", "AN", "ES", "ESP", "+346110"},   {"London", "England", "GB", "GBR", "+4477009"},
};

std::string birth_date(Rng& rng) {
    const std::uint64_t year = 1940 + rng.below(65);
    const std::uint64_t month = 1 + rng.below(12);
    return fmt::format("{:04}-{:02}-{:02}", year, month, 1 + rng.below(28));
}

template <std::size_t N>
std::string other_of(const std::string_view (&values)[N], const std::string& value, Rng& rng) {
    std::string found = value;
    while (found == value) {
        found = rng.pick(values);
    }
    return found;
}

}  // namespace

std::vector<Person> make_people(std::uint64_t seed, std::size_t count) {
    static constexpr std::string_view domains[] = {"mail.example", "post.example", "inbox.example"};
    Rng rng(seed, "people");
    std::vector<Person> people;
    for (std::size_t i = 0; i < count; ++i) {
        const Place& place = rng.pick(places);
        const std::string_view domain = rng.pick(domains);
        people.push_back({.id = fmt::format("person-{:04}", i),
                          .first = std::string(rng.pick(firsts)),
                          .last = std::string(rng.pick(lasts)),
                          .birth = birth_date(rng),
                          .email = fmt::format("person{}.{}@{}", i, rng.hex(2), domain),
                          .phone = fmt::format("{}{:05}", place.dial, i),
                          .tax = fmt::format("{}{:04}", 10000 + rng.below(90000), i % 10000),
                          .street = fmt::format("{} Example Street", 1 + rng.below(400)),
                          .city = std::string(place.city),
                          .region = std::string(place.region),
                          .postal_code = rng.digits(5),
                          .country = std::string(place.country),
                          .country3 = std::string(place.country3)});
    }
    return people;
}

std::string other_birth(const std::string& birth, Rng& rng) {
    std::string found = birth;
    while (found == birth) {
        found = birth_date(rng);
    }
    return found;
}

std::string other_first(const std::string& first, Rng& rng) {
    return other_of(firsts, first, rng);
}

std::string other_last(const std::string& last, Rng& rng) {
    return other_of(lasts, last, rng);
}

}  // namespace tributary::sandbox
