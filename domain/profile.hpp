// A person or legal entity as one provider knows it. What a provider says that has no place of its own here
// goes to `details`, in snake_case. Money and numbers of documents stay decimal text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/members.hpp"
#include "domain/time.hpp"

namespace tributary::domain {

/// An integer or decimal number as its own text, e.g. "1000000" or "0.10".
using Decimal = json::Number;

struct Address {
    Field<EnumPair<AddressKind>> kind;
    /// Street lines, in order.
    std::vector<std::string> street;
    Field<std::string> city;
    Field<std::string> region;
    Field<std::string> postal_code;
    /// As the provider spells it (tastytrade alpha-3, Upvest alpha-2).
    Field<std::string> country;
    Field<bool> is_foreign;
    Field<bool> is_domestic;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        visit(member("kind", &Address::kind), member("street", &Address::street),
              member("city", &Address::city), member("region", &Address::region),
              member("postal_code", &Address::postal_code), member("country", &Address::country),
              member("is_foreign", &Address::is_foreign), member("is_domestic", &Address::is_domestic));
    }

    friend bool operator==(const Address&, const Address&) = default;
};

struct Citizenship {
    Field<std::string> country;
    Field<std::string> birth_country;
    Field<std::string> birth_city;
    std::vector<std::string> nationalities;
    Field<EnumPair<UsaCitizenship>> usa_citizenship_type;
    Field<std::string> visa_type;
    Field<Date> visa_expires_on;
    Field<bool> is_foreign;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        visit(member("country", &Citizenship::country), member("birth_country", &Citizenship::birth_country),
              member("birth_city", &Citizenship::birth_city),
              member("nationalities", &Citizenship::nationalities),
              member("usa_citizenship_type", &Citizenship::usa_citizenship_type),
              member("visa_type", &Citizenship::visa_type),
              member("visa_expires_on", &Citizenship::visa_expires_on),
              member("is_foreign", &Citizenship::is_foreign));
    }

    friend bool operator==(const Citizenship&, const Citizenship&) = default;
};

struct Tax {
    /// As the provider gives it, usually masked ("*****1234").
    Field<std::string> number;
    Field<EnumPair<TaxNumberType>> number_type;
    Field<std::string> foreign_number;
    Field<bool> subject_to_withholding;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        visit(member("number", &Tax::number), member("number_type", &Tax::number_type),
              member("foreign_number", &Tax::foreign_number),
              member("subject_to_withholding", &Tax::subject_to_withholding));
    }

    friend bool operator==(const Tax&, const Tax&) = default;
};

struct Employment {
    Field<EnumPair<EmploymentStatus>> status;
    Field<std::string> occupation;
    Field<std::string> employer_name;
    Field<std::string> job_title;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        visit(member("status", &Employment::status), member("occupation", &Employment::occupation),
              member("employer_name", &Employment::employer_name),
              member("job_title", &Employment::job_title));
    }

    friend bool operator==(const Employment&, const Employment&) = default;
};

struct Suitability {
    Field<std::string> id;
    Field<EnumPair<MaritalStatus>> marital_status;
    Field<std::int64_t> number_of_dependents;
    /// Whole units of the provider's currency, unbounded.
    Field<Decimal> annual_net_income;
    Field<Decimal> net_worth;
    Field<Decimal> liquid_net_worth;
    Field<std::string> tax_bracket;
    Field<EnumPair<TradingExperience>> stock_trading_experience;
    Field<EnumPair<TradingExperience>> covered_options_trading_experience;
    Field<EnumPair<TradingExperience>> uncovered_options_trading_experience;
    Field<EnumPair<TradingExperience>> futures_trading_experience;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using S = Suitability;
        visit(member("id", &S::id), member("marital_status", &S::marital_status),
              member("number_of_dependents", &S::number_of_dependents),
              member("annual_net_income", &S::annual_net_income), member("net_worth", &S::net_worth),
              member("liquid_net_worth", &S::liquid_net_worth), member("tax_bracket", &S::tax_bracket),
              member("stock_trading_experience", &S::stock_trading_experience),
              member("covered_options_trading_experience", &S::covered_options_trading_experience),
              member("uncovered_options_trading_experience", &S::uncovered_options_trading_experience),
              member("futures_trading_experience", &S::futures_trading_experience));
    }

    friend bool operator==(const Suitability&, const Suitability&) = default;
};

/// What the person agreed to or declared.
struct Agreements {
    Field<bool> margining;
    Field<bool> terms;
    Field<bool> has_industry_affiliation;
    Field<bool> has_political_affiliation;
    Field<bool> has_listed_affiliation;
    Field<bool> is_professional;
    Field<bool> has_delayed_quotes;
    Field<bool> has_pending_or_approved_application;
    Field<Timestamp> terms_and_conditions_confirmed_at;
    Field<Timestamp> data_privacy_confirmed_at;
    Field<Timestamp> fatca_confirmed_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using A = Agreements;
        visit(member("margining", &A::margining), member("terms", &A::terms),
              member("has_industry_affiliation", &A::has_industry_affiliation),
              member("has_political_affiliation", &A::has_political_affiliation),
              member("has_listed_affiliation", &A::has_listed_affiliation),
              member("is_professional", &A::is_professional),
              member("has_delayed_quotes", &A::has_delayed_quotes),
              member("has_pending_or_approved_application", &A::has_pending_or_approved_application),
              member("terms_and_conditions_confirmed_at", &A::terms_and_conditions_confirmed_at),
              member("data_privacy_confirmed_at", &A::data_privacy_confirmed_at),
              member("fatca_confirmed_at", &A::fatca_confirmed_at));
    }

    friend bool operator==(const Agreements&, const Agreements&) = default;
};

struct Notifications {
    Field<bool> order_placement;
    Field<bool> order_confirmation;
    Field<bool> order_cancellation;
    Field<bool> settlement_line;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using N = Notifications;
        visit(member("order_placement", &N::order_placement),
              member("order_confirmation", &N::order_confirmation),
              member("order_cancellation", &N::order_cancellation),
              member("settlement_line", &N::settlement_line));
    }

    friend bool operator==(const Notifications&, const Notifications&) = default;
};

struct Preferences {
    Field<std::string> id;
    Field<EnumPair<Language>> language;
    Notifications notifications;
    Field<Timestamp> created_at;
    Field<Timestamp> updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using P = Preferences;
        visit(member("id", &P::id), member("language", &P::language),
              member("notifications", &P::notifications), member("created_at", &P::created_at),
              member("updated_at", &P::updated_at));
    }

    friend bool operator==(const Preferences&, const Preferences&) = default;
};

/// A free key and value that a provider lets users hang on a profile or an account. Possibly personal.
struct Attribute {
    std::string id;
    Field<std::string> type;
    Field<std::string> sub_type;
    Field<std::string> key;
    Field<std::string> value;
    Field<std::string> content_type;
    Field<Timestamp> created_at;
    Field<Timestamp> updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using A = Attribute;
        visit(member("id", &A::id), member("type", &A::type), member("sub_type", &A::sub_type),
              member("key", &A::key), member("value", &A::value), member("content_type", &A::content_type),
              member("created_at", &A::created_at), member("updated_at", &A::updated_at));
    }

    friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Profile {
    Field<EnumPair<ProfileKind>> kind;
    Field<EnumPair<ProfileStatus>> status;
    Field<EnumPair<ProfileType>> type;
    Field<std::string> username;
    Field<EnumPair<Salutation>> salutation;
    Field<std::string> title;
    Field<std::string> first_name;
    Field<std::string> middle_name;
    Field<std::string> last_name;
    Field<std::string> prefix_name;
    Field<std::string> suffix_name;
    Field<std::string> birth_name;
    /// Of an entity; a person has none.
    Field<std::string> legal_name;
    Field<Date> birth_date;
    Field<Date> decease_date;
    Field<std::string> email;
    /// As the provider sends it; E.164 where it follows its own rules.
    Field<std::string> phone;
    std::vector<Address> addresses;
    Citizenship citizenship;
    Tax tax;
    Employment employment;
    Suitability suitability;
    Agreements agreements;
    Preferences preferences;
    std::vector<Attribute> attributes;
    json::Object details;
    Field<Timestamp> source_created_at;
    Field<Timestamp> source_updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using P = Profile;
        visit(member("kind", &P::kind), member("status", &P::status), member("type", &P::type),
              member("username", &P::username), member("salutation", &P::salutation),
              member("title", &P::title), member("first_name", &P::first_name),
              member("middle_name", &P::middle_name), member("last_name", &P::last_name),
              member("prefix_name", &P::prefix_name), member("suffix_name", &P::suffix_name),
              member("birth_name", &P::birth_name), member("legal_name", &P::legal_name),
              member("birth_date", &P::birth_date), member("decease_date", &P::decease_date),
              member("email", &P::email), member("phone", &P::phone), member("addresses", &P::addresses),
              member("citizenship", &P::citizenship), member("tax", &P::tax),
              member("employment", &P::employment), member("suitability", &P::suitability),
              member("agreements", &P::agreements), member("preferences", &P::preferences),
              member("attributes", &P::attributes), member("details", &P::details),
              member("source_created_at", &P::source_created_at),
              member("source_updated_at", &P::source_updated_at));
    }

    friend bool operator==(const Profile&, const Profile&) = default;
};

}  // namespace tributary::domain
