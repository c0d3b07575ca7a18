#include "tests/faults/suffering.hpp"

#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::faults {

using domain::Result;
using domain::ports::HttpAnswer;

namespace {

/// Longer than a breaker stays open and a budget stays blocked.
constexpr std::chrono::minutes over{61};

void recover(Trial& trial, Stage& stage, const std::string& truth, const std::string& where) {
    stage.heal();
    stage.pass(over);
    const Synced after = stage.sync();
    trial.expect(after.well(), where + ": the run after it fails: " + after.outcome.error_detail);
    trial.expect(stage.contents() == truth, where + ": the run after it does not bring back the truth");
}

}  // namespace

void suffer(Trial& trial, const Suffering& suffering) {
    Stage known(suffering.stage);
    const std::vector<std::string> all_places = known.places();
    // A sample meets it once, in the middle; the first run is left to the cheaper road.
    const std::vector<std::string> places =
        trial.full() ? all_places : std::vector<std::string>{all_places[all_places.size() / 2]};
    const std::string truth = known.contents();
    for (const std::string& place : places) {
        const std::string where = place + " (ran before)";
        suffering.begin(known, place);
        const Synced synced = known.sync();
        suffering.judge(known, synced, where);
        trial.expect(known.removed() == 0, where + ": something was removed");
        trial.expect(known.contents() == truth, where + ": what was stored changed");
        recover(trial, known, truth, where);
    }
    if (!trial.full() && suffering.stage.road == Road::wire) {
        return;
    }
    for (const std::string& place : places) {
        const std::string where = place + " (first run)";
        Stage fresh(suffering.stage);
        suffering.begin(fresh, place);
        const Synced synced = fresh.sync();
        suffering.judge(fresh, synced, where);
        trial.expect(fresh.removed() == 0, where + ": something was removed");
        recover(trial, fresh, truth, where);
    }
}

AnswerFault instead(Trial& trial, std::string target,
                    std::function<Result<HttpAnswer>(const Honest&)> answer) {
    return [&trial, target = std::move(target), answer = std::move(answer)](
               const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (asked.target != target) {
            return honest();
        }
        trial.struck();
        return answer(honest);
    };
}

AnswerFault with_body(Trial& trial, std::string target, std::function<std::string(std::string)> change) {
    return instead(trial, std::move(target),
                   [change = std::move(change)](const Honest& honest) -> Result<HttpAnswer> {
                       HttpAnswer answer = honest();
                       answer.body = change(std::move(answer.body));
                       return answer;
                   });
}

WireFault with_bytes(Trial& trial, std::string target, std::function<WireAnswer(const HonestBytes&)> change) {
    return [&trial, target = std::move(target), change = std::move(change)](
               const Asked& asked, const std::function<HonestBytes()>& honest) -> WireAnswer {
        const HonestBytes bytes = honest();
        if (asked.target != target) {
            return {.pieces = {{bytes.head + bytes.body}}};
        }
        trial.struck();
        return change(bytes);
    };
}

HttpAnswer refusal(const std::string& provider, int status) {
    HttpAnswer answer{.status = status};
    answer.fields.add("Content-Type", provider == "upvest" ? "application/problem+json" : "application/json");
    const std::string number = std::to_string(status);
    if (provider == "tastytrade") {
        answer.body = R"({"error":{"code":"refused","message":"no"}})";
    } else if (provider == "tdx") {
        answer.body = R"({"code":)" + number + R"(,"message":"no","name":"REFUSED"})";
    } else {
        answer.body =
            R"({"type":"https://docs.upvest.co/errors/refused","title":"No","status":)" + number + "}";
    }
    return answer;
}

json::Array* items_in(json::Value& page) {
    json::Object* root = page.if_object();
    if (root == nullptr) {
        return nullptr;
    }
    for (json::Entry& entry : *root) {
        if (entry.key != "data" && entry.key != "result") {
            continue;
        }
        if (json::Array* items = entry.value.if_array()) {
            return items;
        }
        if (json::Object* data = entry.value.if_object()) {
            for (json::Entry& inner : *data) {
                if (inner.key == "items" && inner.value.if_array() != nullptr) {
                    return inner.value.if_array();
                }
            }
        }
    }
    return nullptr;
}

json::Object* first_object(json::Value& page) {
    if (json::Array* items = items_in(page)) {
        return items->empty() ? nullptr : items->front().if_object();
    }
    json::Object* root = page.if_object();
    if (root == nullptr) {
        return nullptr;
    }
    for (json::Entry& entry : *root) {
        if (entry.key == "data" || entry.key == "result") {
            return entry.value.if_object();
        }
    }
    return nullptr;
}

std::string edited(const std::string& body, const std::function<void(json::Value&)>& edit) {
    auto parsed = json::parse(body, 4'000'000);
    if (!parsed) {
        return body;
    }
    edit(parsed->root);
    return json::write(parsed->root);
}

void expect_failed(Trial& trial, const Synced& synced, const std::string& where) {
    trial.expect(!synced.well(), where + ": the run claims to be whole");
    trial.expect(synced.outcome.error_detail.size() > 20, where + ": the run does not say why");
    trial.expect(synced.outcome.health.status != domain::ConnectionStatus::active,
                 where + ": the connection claims to be active");
}

void expect_error(Trial& trial, const Synced& synced, std::string_view code, const std::string& where) {
    expect_failed(trial, synced, where);
    trial.expect(synced.outcome.error_code == code, where + ": " + synced.outcome.error_code +
                                                        " instead of " + std::string(code) + ": " +
                                                        synced.outcome.error_detail);
}

}  // namespace tributary::faults
