// P12 to P14: pages that come twice, move while they are read, or never end.

#include <algorithm>
#include <optional>
#include <set>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/faults/catalogue.hpp"
#include "tests/faults/suffering.hpp"

namespace tributary::faults {

using domain::Result;
using domain::ports::HttpAnswer;

namespace {

/// What the connection's lists are made of, for the sandbox's control listener.
struct Listed {
    std::string kind;
    std::string stream;
    /// Before the object's id in the sandbox's own.
    std::string prefix;
};

Listed listed_of(const std::string& provider) {
    if (provider == "tastytrade") {
        return {"access", "accounts", "tasty-01/"};
    }
    return provider == "tdx" ? Listed{"sub_account", "sub_accounts", ""} : Listed{"account", "accounts", ""};
}

std::string change(const std::string& provider, const Listed& listed, const std::string& id, bool remove) {
    return R"({"changes":[{"op":")" + std::string(remove ? "remove" : "readd") + R"(","provider":")" +
           provider + R"(","kind":")" + listed.kind + R"(","id":")" + listed.prefix + id + R"("}]})";
}

std::set<std::string> rows_of(Stage& stage, const std::string& stream, bool removed) {
    std::set<std::string> ids;
    for (const auto& [key, row] : stage.database().records.rows()) {
        if (key.stream.stream == stream && row.removed == removed) {
            ids.insert(key.provider_id);
        }
    }
    return ids;
}

/// Objects leave and come back between any two requests; the sandbox's own list is the truth.
void shift(Trial& trial, Stage& stage, const Listed& listed, std::set<std::string>& here,
           std::set<std::string>& away, std::uint64_t seed) {
    simulation::Dice dice(seed);
    const std::size_t most_away = std::max<std::size_t>(1, (here.size() + away.size()) / 6);
    stage.bend([&](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (!asked.for_token() && dice.chance(0.6)) {
            const bool remove = away.empty() || (away.size() < most_away && dice.chance(0.5));
            std::set<std::string>& from = remove ? here : away;
            const auto chosen = std::next(from.begin(), static_cast<std::ptrdiff_t>(dice.below(from.size())));
            stage.control("/changes", change(trial.provider(), listed, *chosen, remove));
            (remove ? away : here).insert(*chosen);
            from.erase(chosen);
            trial.struck();
        }
        return honest();
    });
    stage.sync();
    stage.heal();
    const std::string what = "schedule " + std::to_string(seed);
    stage.pass(std::chrono::minutes(2));
    const std::size_t restored = rows_of(stage, listed.stream, true).size();
    stage.sync();
    trial.expect(rows_of(stage, listed.stream, false) == here,
                 what + ": not the truth after two runs (" + std::to_string(restored) + " removed before)");
    stage.pass(std::chrono::minutes(2));
}

/// The next cursor of a T-DX page.
void set_next(json::Value& root, const std::string& cursor) {
    for (json::Entry& entry : *root.if_object()) {
        if (entry.key != "pagination" || entry.value.if_object() == nullptr) {
            continue;
        }
        for (json::Entry& inner : *entry.value.if_object()) {
            if (inner.key == "cursors" && inner.value.if_object() != nullptr) {
                json::set(*inner.value.if_object(), "next", cursor);
            }
        }
    }
}

struct Endless {
    std::string what;
    std::function<std::string(std::size_t nth)> cursor;
    bool empty = false;
};

/// The users' list of T-DX, whose pages always name another.
void never_end(Trial& trial, const Endless& endless) {
    Stage stage({.provider = "tdx"});
    const std::string truth = (stage.pages(), stage.contents());
    std::optional<HttpAnswer> first;
    std::size_t asked_for = 0;
    stage.bend([&](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (asked.target.find("/users?") == std::string::npos) {
            return honest();
        }
        trial.struck();
        if (!first) {
            first = honest();
        }
        HttpAnswer answer = *first;
        answer.body = edited(answer.body, [&](json::Value& root) {
            if (endless.empty && asked_for > 0) {
                items_in(root)->clear();
            }
            set_next(root, endless.cursor(asked_for++));
        });
        return answer;
    });
    const Synced synced = stage.sync();
    expect_error(trial, synced, "contract", endless.what);
    trial.expect(asked_for <= 6, endless.what + ": asked " + std::to_string(asked_for) + " times");
    trial.expect(stage.removed() == 0, endless.what + ": something was removed");
    trial.expect(stage.contents() == truth, endless.what + ": what was stored changed");
    stage.heal();
    trial.expect(stage.sync().well(), endless.what + ": it does not recover");
}

}  // namespace

void duplicate_pages(Trial& trial) {
    // The answer of the request before in the same list, once.
    struct Before {
        std::string path;
        std::optional<HttpAnswer> answer;
        bool done = false;
    };

    const auto before = std::make_shared<Before>();
    suffer(trial, {.stage = {.provider = trial.provider()},
                   .begin =
                       [&trial, before](Stage& stage, const std::string& target) {
                           *before = {};
                           stage.bend([&trial, before, target](const Asked& asked,
                                                               const Honest& honest) -> Result<HttpAnswer> {
                               const std::string path = asked.target.substr(0, asked.target.find('?'));
                               if (asked.target == target && before->path == path && before->answer &&
                                   !std::exchange(before->done, true)) {
                                   trial.struck();
                                   return *before->answer;
                               }
                               HttpAnswer answer = honest();
                               if (!asked.for_token()) {
                                   before->path = path;
                                   before->answer = answer;
                               }
                               return answer;
                           });
                       },
                   .judge = [](const Stage&, const Synced&, const std::string&) {}});
    // Its items twice in one page.
    suffer(trial, {.stage = {.provider = trial.provider()},
                   .begin =
                       [&trial](Stage& stage, const std::string& target) {
                           stage.bend(with_body(trial, target, [](const std::string& page) {
                               return edited(page, [](json::Value& root) {
                                   if (json::Array* items = items_in(root)) {
                                       const json::Array once = *items;
                                       items->insert(items->end(), once.begin(), once.end());
                                   }
                               });
                           }));
                       },
                   .judge = [](const Stage&, const Synced&, const std::string&) {}});
}

void shifting_pages(Trial& trial) {
    Stage stage({.provider = trial.provider(), .page_limit = 10});
    stage.pages();
    const Listed listed = listed_of(trial.provider());
    std::set<std::string> here = rows_of(stage, listed.stream, false);
    std::set<std::string> away;
    const std::uint64_t schedules = trial.pick<std::uint64_t>(6, 1000);
    for (std::uint64_t seed = 1; seed <= schedules; ++seed) {
        shift(trial, stage, listed, here, away, seed);
    }
}

void cursor_loops(Trial& trial) {
    never_end(trial, {"a cursor that names its own page", [](std::size_t) { return std::string("QQ=="); }});
    never_end(trial, {"two cursors in turn", [](std::size_t nth) { return nth % 2 == 0 ? "QQ==" : "Qg=="; }});
    const auto ever_new = [](std::size_t nth) { return "Q" + std::to_string(nth); };
    never_end(trial, {"ever new cursors with the same items", ever_new});
    never_end(trial, {"ever new cursors with nothing", ever_new, true});
}

}  // namespace tributary::faults
