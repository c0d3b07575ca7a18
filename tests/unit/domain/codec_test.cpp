#include "domain/json/codec.hpp"

#include <doctest/doctest.h>

#include "domain/account.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::domain;

namespace {

/// Gives every member of a described struct a value, whatever its type, so that no member can be left out of
/// a test.
struct Fill {
    int counter = 0;

    std::string text() { return "t" + std::to_string(++counter); }

    void operator()(std::string& value) { value = text(); }

    void operator()(bool& value) { value = true; }

    void operator()(std::int64_t& value) { value = ++counter; }

    void operator()(json::Number& value) { value = {"1234567890123456789012." + std::to_string(++counter)}; }

    void operator()(Date& value) { value = parse_date("2001-02-03").value(); }

    void operator()(Timestamp& value) { value = Timestamp(std::chrono::microseconds(1'600'000'000'000'001)); }

    void operator()(json::Object& value) { value = {{text(), json::Array{1, "x", null}}}; }

    template <class E>
    void operator()(EnumPair<E>& value) {
        value = {names_of(E{})[0].value, text()};
    }

    template <class T>
    void operator()(Field<T>& value) {
        T inner{};
        (*this)(inner);
        value = inner;
    }

    template <class T>
    void operator()(std::vector<T>& value) {
        value.resize(2);
        (*this)(value[0]);
        (*this)(value[1]);
    }

    template <Described T>
    void operator()(T& value) {
        for_each_member(value, [this](std::string_view, auto& member) { (*this)(member); });
    }

    json::Value null;
};

template <class T>
void check_round_trip() {
    T full;
    Fill{}(full);
    CHECK(json::from_object<T>(json::to_object(full)) == full);
    CHECK(json::from_object<T>(json::to_object(T{})) == T{});
    CHECK(json::to_object(T{}).empty());
}

}  // namespace

TEST_CASE("every member of every entity survives being stored and read back") {
    check_round_trip<Profile>();
    check_round_trip<Account>();
    check_round_trip<SubAccount>();
    check_round_trip<AccountGroup>();
}

TEST_CASE("null and absent stay apart, and an empty list that was said stays said") {
    SubAccount all_pairs;
    all_pairs.pairs = std::vector<std::string>{};
    CHECK(json::write(json::to_object(all_pairs)) == R"({"pairs":[]})");
    SubAccount null_name;
    null_name.name = Null{};
    CHECK(json::write(json::to_object(null_name)) == R"({"name":null})");
    CHECK(json::from_object<SubAccount>(json::to_object(null_name)) == null_name);
}

TEST_CASE("an enumeration is written as a pair, without the provider's half where we derived it") {
    Account account;
    account.status = EnumPair<AccountStatus>{AccountStatus::closed};
    account.type = EnumPair<AccountType>{AccountType::other, "Trust, Irrevocable"};
    CHECK(json::write(json::to_object(account)) ==
          R"({"type":"other","provider_type":"Trust, Irrevocable","status":"closed"})");
    CHECK(json::from_object<Account>(json::to_object(account)) == account);
}
