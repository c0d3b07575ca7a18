// The tenant predicates of a statement, and its text without them. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace tributary::mutants {

/// One place where a statement keeps to its tenant: a condition in WHERE, ON or a sub-select, or the tenant
/// among the columns that ON CONFLICT looks at.
struct Predicate {
    std::size_t begin = 0;
    std::size_t length = 0;
    /// What takes its place: true for every row, with the same parameters.
    std::string neutral;
    bool condition = true;
};

std::vector<Predicate> tenant_predicates(const std::string& sql);
std::string without(const std::string& sql, const Predicate& predicate);
/// Without any of its conditions.
std::string without_conditions(const std::string& sql);
/// Whether the statement reads or writes one of the tables.
bool names_table(const std::string& sql, const std::set<std::string>& tables);
/// What the statement says about tenants in a form that tenant_predicates() cannot read; empty where there is
/// nothing such.
std::string unreadable_part(const std::string& sql);

}  // namespace tributary::mutants
