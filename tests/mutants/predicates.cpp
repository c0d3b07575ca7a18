#include "tests/mutants/predicates.hpp"

#include <algorithm>
#include <ranges>
#include <regex>

namespace tributary::mutants {

namespace {

void find_all(const std::string& sql, const std::regex& form, const auto& neutral, bool condition,
              std::vector<Predicate>& found) {
    for (std::sregex_iterator match(sql.begin(), sql.end(), form); match != std::sregex_iterator(); ++match) {
        found.push_back({static_cast<std::size_t>(match->position()),
                         static_cast<std::size_t>(match->length()), neutral(*match), condition});
    }
}

}  // namespace

std::vector<Predicate> tenant_predicates(const std::string& sql) {
    static const std::regex of_parameter(R"((?:\b\w+\.)?\btenant_id = (\$\d+)(?:::uuid)?)");
    static const std::regex of_join(R"(\b\w+\.tenant_id = \w+\.tenant_id\b)");
    static const std::regex of_conflict(R"(ON CONFLICT \(tenant_id, )");
    std::vector<Predicate> found;
    find_all(
        sql, of_parameter, [](const auto& match) { return "(" + match.str(1) + "::uuid IS NOT NULL)"; }, true,
        found);
    find_all(sql, of_join, [](const auto&) { return std::string("true"); }, true, found);
    find_all(sql, of_conflict, [](const auto&) { return std::string("ON CONFLICT ("); }, false, found);
    std::ranges::sort(found, {}, &Predicate::begin);
    return found;
}

std::string without(const std::string& sql, const Predicate& predicate) {
    std::string text = sql;
    return text.replace(predicate.begin, predicate.length, predicate.neutral);
}

std::string without_conditions(const std::string& sql) {
    std::string text = sql;
    for (const Predicate& predicate : std::views::reverse(tenant_predicates(sql))) {
        if (predicate.condition) text.replace(predicate.begin, predicate.length, predicate.neutral);
    }
    return text;
}

bool names_table(const std::string& sql, const std::set<std::string>& tables) {
    static const std::regex use(R"(\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(\w+))");
    for (std::sregex_iterator found(sql.begin(), sql.end(), use); found != std::sregex_iterator(); ++found) {
        if (tables.contains(found->str(1))) return true;
    }
    return false;
}

std::string unreadable_part(const std::string& sql) {
    static const std::regex other_form(
        R"(tenant_id\s*(=|<|>|!|\bIN\b|\bIS\b|\bBETWEEN\b)|[=<>]\s*(\w+\.)?tenant_id\b)"
        R"(|\bUSING\s*\([^)]*tenant_id|ON CONFLICT\s*\([^)]*tenant_id|\([^()]*tenant_id[^()]*\)\s*(=|IN\b))");
    std::string rest = sql;
    for (const Predicate& predicate : std::views::reverse(tenant_predicates(sql))) {
        rest.replace(predicate.begin, predicate.length, predicate.neutral);
    }
    std::smatch found;
    return std::regex_search(rest, found, other_form) ? found.str() : std::string();
}

}  // namespace tributary::mutants
