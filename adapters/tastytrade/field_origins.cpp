#include "adapters/tastytrade/field_origins.hpp"

namespace tributary::tastytrade {

using decode::OriginRow;

std::span<const OriginRow> field_origins(std::string_view stream) {
    static const std::vector<OriginRow> of_customer{
        {"kind", {"identifiable-type"}},
        {"first_name", {"first-name|person.first-name"}},
        {"middle_name", {"middle-name|person.middle-name"}},
        {"last_name", {"last-name|person.last-name"}},
        {"prefix_name", {"prefix-name|person.prefix-name"}},
        {"suffix_name", {"suffix-name|person.suffix-name"}},
        {"legal_name", {"entity.legal-name"}},
        {"birth_date", {"birth-date|person.birth-date"}},
        {"email", {"email|entity.email"}},
        {"phone", {"mobile-phone-number|entity.phone-number"}},
        {"addresses", {"address|entity.address", "mailing-address|entity.mailing-address"}},
        {"citizenship.country", {"citizenship-country|person.citizenship-country"}},
        {"citizenship.birth_country", {"birth-country|person.birth-country"}},
        {"citizenship.usa_citizenship_type", {"usa-citizenship-type|person.usa-citizenship-type"}},
        {"citizenship.visa_type", {"visa-type|person.visa-type"}},
        {"citizenship.visa_expires_on", {"visa-expiration-date|person.visa-expiration-date"}},
        {"citizenship.is_foreign", {"is-foreign"}},
        {"tax.number", {"tax-number|entity.tax-number"}},
        {"tax.number_type", {"tax-number-type"}},
        {"tax.foreign_number", {"foreign-tax-number"}},
        {"tax.subject_to_withholding", {"subject-to-tax-withholding"}},
        {"employment.status",
         {"customer-suitability.employment-status|entity.entity-suitability.employment-status|person."
          "employment-"
          "status"}},
        {"employment.occupation",
         {"customer-suitability.occupation|entity.entity-suitability.occupation|person.occupation"}},
        {"employment.employer_name",
         {"customer-suitability.employer-name|entity.entity-suitability.employer-name|person.employer-name"}},
        {"employment.job_title",
         {"customer-suitability.job-title|entity.entity-suitability.job-title|person.job-title"}},
        {"suitability.id", {"customer-suitability.id|entity.entity-suitability.id"}},
        {"suitability.marital_status",
         {"customer-suitability.marital-status|entity.entity-suitability.marital-status|person.marital-"
          "status"}},
        {"suitability.number_of_dependents",
         {"customer-suitability.number-of-dependents|entity.entity-suitability.number-of-dependents|person."
          "number-"
          "of-dependents"}},
        {"suitability.annual_net_income",
         {"customer-suitability.annual-net-income|entity.entity-suitability.annual-net-income"}},
        {"suitability.net_worth", {"customer-suitability.net-worth|entity.entity-suitability.net-worth"}},
        {"suitability.liquid_net_worth",
         {"customer-suitability.liquid-net-worth|entity.entity-suitability.liquid-net-worth"}},
        {"suitability.tax_bracket",
         {"customer-suitability.tax-bracket|entity.entity-suitability.tax-bracket"}},
        {"suitability.stock_trading_experience",
         {"customer-suitability.stock-trading-experience|entity.entity-suitability.stock-trading-"
          "experience"}},
        {"suitability.covered_options_trading_experience",
         {"customer-suitability.covered-options-trading-experience|entity.entity-suitability.covered-options-"
          "trading-experience"}},
        {"suitability.uncovered_options_trading_experience",
         {"customer-suitability.uncovered-options-trading-experience|entity.entity-suitability.uncovered-"
          "options-"
          "trading-experience"}},
        {"suitability.futures_trading_experience",
         {"customer-suitability.futures-trading-experience|entity.entity-suitability.futures-trading-"
          "experience"}},
        {"agreements.margining", {"agreed-to-margining"}},
        {"agreements.terms", {"agreed-to-terms"}},
        {"agreements.has_industry_affiliation", {"has-industry-affiliation"}},
        {"agreements.has_political_affiliation", {"has-political-affiliation"}},
        {"agreements.has_listed_affiliation", {"has-listed-affiliation"}},
        {"agreements.is_professional", {"is-professional"}},
        {"agreements.has_delayed_quotes", {"has-delayed-quotes"}},
        {"agreements.has_pending_or_approved_application", {"has-pending-or-approved-application"}},
    };
    return stream == "customer" ? std::span(of_customer) : std::span<const OriginRow>();
}

}  // namespace tributary::tastytrade
