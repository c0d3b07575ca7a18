// Why a customer's document says what it says: of every field its value, who said it, by which rule it won,
// and what it won against. Pure, and told by the very steps that build the document (merge.hpp).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/explain_store.hpp"
#include "domain/ports/provider.hpp"
#include "domain/precedence.hpp"

namespace tributary::view {

/// Who said a value, and where.
struct FieldSource {
    domain::ports::EntityAnchor profile;
    domain::ports::StreamRef stream;
    /// Key of the record within its stream.
    std::string record;
    /// When the record last changed here, and by whose work.
    domain::Timestamp recorded_at;
    std::optional<std::string> cause;
    std::optional<domain::Uuid> run_id;
    std::optional<domain::Timestamp> source_updated_at;
    /// JSONPaths in the provider's payload; none for what its adapter derived from more than one place.
    std::vector<std::string> json_paths;
};

struct FieldClaim {
    json::Value value;
    FieldSource source;
};

struct ExplainedField {
    /// Of a leaf of the document: "email", "tax.number", "addresses".
    std::string path;
    FieldClaim winner;
    /// only_value, precedence, newest_profile, value_over_null; within one profile founding_record,
    /// fullest_shape, newest_record; latest.
    std::string_view rule;
    std::vector<FieldClaim> losers;
};

struct ExplainedMember {
    domain::ports::EntityAnchor profile;
    /// The links that hold it in its customer.
    std::vector<domain::ports::Link> links;
};

struct Explanation {
    std::vector<ExplainedField> fields;
    std::vector<ExplainedMember> members;
    /// Whether the stored document says the same: it does not where the precedence was changed since.
    bool matches_document = true;
};

/// As Provider::field_origin(), of the provider of this name.
using FieldOrigins = std::function<std::optional<domain::ports::FieldOrigin>(
    std::string_view provider, std::string_view stream, std::string_view field)>;

/// Of a customer that is there.
Explanation explain(const domain::ports::ExplainRead& read, const domain::Precedence& precedence,
                    const FieldOrigins& origins);

}  // namespace tributary::view
