#include "adapters/tastytrade/suitability.hpp"

#include "adapters/tastytrade/details.hpp"

namespace tributary::tastytrade {

using decode::EnumText;
using decode::ObjectReader;
using domain::EmploymentStatus;
using domain::MaritalStatus;
using domain::TradingExperience;

namespace {

constexpr EnumText<MaritalStatus> marital_statuses[] = {{"SINGLE", MaritalStatus::single},
                                                        {"MARRIED", MaritalStatus::married},
                                                        {"DIVORCED", MaritalStatus::divorced},
                                                        {"WIDOWED", MaritalStatus::widowed}};

constexpr EnumText<EmploymentStatus> employment_statuses[] = {
    {"EMPLOYED", EmploymentStatus::employed},
    {"SELF_EMPLOYED", EmploymentStatus::self_employed},
    {"UNEMPLOYED", EmploymentStatus::unemployed},
    {"RETIRED", EmploymentStatus::retired},
    {"STUDENT", EmploymentStatus::student}};

constexpr EnumText<TradingExperience> experiences[] = {{"NONE", TradingExperience::none},
                                                       {"LIMITED", TradingExperience::limited},
                                                       {"GOOD", TradingExperience::good},
                                                       {"EXTENSIVE", TradingExperience::extensive}};

}  // namespace

domain::Suitability read_suitability(ObjectReader& suitability, ObjectReader& person) {
    const auto experience = [&](std::string_view key) {
        return suitability.personal_choice<TradingExperience>(key, experiences);
    };
    domain::Suitability read;
    read.id = id_text(suitability, "id");
    read.marital_status =
        first_of(suitability.personal_choice<MaritalStatus>("marital-status", marital_statuses),
                 person.personal_choice<MaritalStatus>("marital-status", marital_statuses));
    read.number_of_dependents =
        first_of(suitability.integer("number-of-dependents"), person.integer("number-of-dependents"));
    read.annual_net_income = suitability.decimal("annual-net-income");
    read.net_worth = suitability.decimal("net-worth");
    read.liquid_net_worth = suitability.decimal("liquid-net-worth");
    read.tax_bracket = suitability.text("tax-bracket");
    read.stock_trading_experience = experience("stock-trading-experience");
    read.covered_options_trading_experience = experience("covered-options-trading-experience");
    read.uncovered_options_trading_experience = experience("uncovered-options-trading-experience");
    read.futures_trading_experience = experience("futures-trading-experience");
    return read;
}

domain::Employment read_employment(ObjectReader& suitability, ObjectReader& person) {
    const auto text = [&](std::string_view key) { return first_of(suitability.text(key), person.text(key)); };
    domain::Employment read;
    read.status =
        first_of(suitability.personal_choice<EmploymentStatus>("employment-status", employment_statuses),
                 person.personal_choice<EmploymentStatus>("employment-status", employment_statuses));
    read.occupation = text("occupation");
    read.employer_name = text("employer-name");
    read.job_title = text("job-title");
    return read;
}

}  // namespace tributary::tastytrade
