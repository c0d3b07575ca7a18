#include "adapters/tastytrade/entity.hpp"

#include <span>
#include <string>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tastytrade/details.hpp"

namespace tributary::tastytrade {

using decode::ObjectReader;

namespace {

constexpr DetailField entity_fields[] = {
    {"id", Shape::tree},
    {"legal-name"},
    {"entity-type"},
    {"business-nature"},
    {"email"},
    {"phone-number"},
    {"tax-number"},
    {"tax-election"},
    {"date-of-trust-creation"},
    {"secretary-name"},
    {"foreign-institution"},
    {"has-foreign-bank-affiliation", Shape::flag},
    {"has-foreign-institution-affiliation", Shape::flag},
    {"is-domestic", Shape::flag},
    {"is-hedge-fund", Shape::flag},
    {"address", Shape::tree},
    {"mailing-address", Shape::tree},
    {"grantor-birth-date"},
    {"grantor-email"},
    {"grantor-first-name"},
    {"grantor-last-name"},
    {"grantor-middle-name"},
    {"grantor-tax-number"},
};

constexpr DetailField officer_fields[] = {
    {"id", Shape::tree},
    {"external-id"},
    {"first-name"},
    {"last-name"},
    {"middle-name"},
    {"prefix-name"},
    {"suffix-name"},
    {"address", Shape::tree},
    {"birth-country"},
    {"birth-date"},
    {"citizenship-country"},
    {"usa-citizenship-type"},
    {"visa-type"},
    {"visa-expiration-date"},
    {"email"},
    {"home-phone-number"},
    {"mobile-phone-number"},
    {"work-phone-number"},
    {"marital-status"},
    {"number-of-dependents", Shape::number},
    {"employment-status"},
    {"occupation"},
    {"employer-name"},
    {"job-title"},
    {"is-foreign", Shape::flag},
    {"owner-of-record", Shape::flag},
    {"relationship-to-entity"},
    {"tax-number"},
    {"tax-number-type"},
};

constexpr DetailField suitability_fields[] = {
    {"id", Shape::tree},
    {"entity-id", Shape::tree},
    {"annual-net-income", Shape::number},
    {"net-worth", Shape::number},
    {"liquid-net-worth", Shape::number},
    {"tax-bracket"},
    {"stock-trading-experience"},
    {"covered-options-trading-experience"},
    {"uncovered-options-trading-experience"},
    {"futures-trading-experience"},
};

/// An object of known fields; anything else is kept as it was sent.
json::Value details_of(const json::Value& sent, std::string path, std::span<const DetailField> fields,
                       std::vector<domain::DriftNote>& notes) {
    const json::Object* object = sent.if_object();
    if (object == nullptr) {
        return sent;
    }
    ObjectReader reader(*object, std::move(path), notes);
    json::Object kept;
    copy_details(reader, fields, kept);
    reader.finish();
    return kept;
}

}  // namespace

json::Object entity_details(const json::Object& entity, std::vector<domain::DriftNote>& notes) {
    ObjectReader reader(entity, "entity", notes);
    json::Object kept;
    copy_details(reader, entity_fields, kept);
    if (const json::Array* officers = reader.array("entity-officers")) {
        json::Array read;
        for (const json::Value& officer : *officers) {
            read.push_back(details_of(officer, "entity.entity-officers[]", officer_fields, notes));
        }
        json::set(kept, "entity_officers", std::move(read));
    }
    if (const auto suitability = reader.tree("entity-suitability"); suitability.has_value()) {
        json::set(kept, "entity_suitability",
                  details_of(suitability.value(), "entity.entity-suitability", suitability_fields, notes));
    }
    reader.finish();
    return kept;
}

}  // namespace tributary::tastytrade
