// The people behind the profiles, and the ways in which providers write the same person differently.
#pragma once

#include <string>
#include <vector>

#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

struct Person {
    /// "person-0001": profiles of one id must merge.
    std::string id;
    std::string first;
    std::string last;
    /// YYYY-MM-DD.
    std::string birth;
    std::string email;
    /// E.164.
    std::string phone;
    /// Nine digits.
    std::string tax;
    std::string street;
    std::string city;
    std::string region;
    std::string postal_code;
    /// ISO alpha-2 and alpha-3.
    std::string country;
    std::string country3;
};

/// Different in every identifier but, by chance, the name.
std::vector<Person> make_people(std::uint64_t seed, std::size_t count);
/// A birth date other than this one.
std::string other_birth(const std::string& birth, Rng& rng);
/// A first name other than this one.
std::string other_first(const std::string& first, Rng& rng);
/// A last name other than this one.
std::string other_last(const std::string& last, Rng& rng);

/// How a provider writes a person. Every one is the same person by the identity rule.
enum class Spelling { exact, upper, spaced, decomposed, full_width, upper_email };
inline constexpr std::size_t spelling_count = 6;
Person spelled(Person person, Spelling spelling);

}  // namespace tributary::sandbox
