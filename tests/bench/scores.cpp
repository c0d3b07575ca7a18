#include "scores.hpp"

#include <fmt/format.h>

#include "domain/json/write.hpp"

namespace tributary::bench {

namespace {

json::Value number(double value) {
    return json::Number{fmt::format("{:.4f}", value)};
}

}  // namespace

std::string table_of(const std::vector<Score>& scores) {
    std::string text = fmt::format("{:<26} {:>12} {:>12}  {:<10} {:>8} {:>9}  {}\n", "scenario", "ours",
                                   "peer", "", "ratio", "bar", "");
    for (const Score& score : scores) {
        text += fmt::format("{:<26} {:>12.1f} {:>12}  {:<10} {:>8.2f} {:>2} {:>6.2f}  {}  {}\n",
                            score.scenario, score.ours, score.peer ? fmt::format("{:.1f}", *score.peer) : "-",
                            score.unit, score.ratio, score.at_most ? "<=" : ">=", score.bar,
                            score.met() ? "met   " : "MISSED", score.remark);
    }
    return text;
}

std::string json_of(const std::vector<Score>& scores) {
    json::Array list;
    for (const Score& score : scores) {
        list.emplace_back(json::Object{{"scenario", score.scenario},
                                       {"unit", score.unit},
                                       {"ours", number(score.ours)},
                                       {"peer", score.peer ? number(*score.peer) : json::Value()},
                                       {"ratio", number(score.ratio)},
                                       {"bar", number(score.bar)},
                                       {"at_most", score.at_most},
                                       {"met", score.met()},
                                       {"remark", score.remark}});
    }
    return json::write(list);
}

}  // namespace tributary::bench
