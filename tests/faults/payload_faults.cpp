// P08, P11, P15 to P19: answers that arrived whole and say nonsense.

#include <algorithm>
#include <array>
#include <stdexcept>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/faults/catalogue.hpp"
#include "tests/faults/mutation.hpp"
#include "tests/faults/suffering.hpp"

namespace tributary::faults {

using domain::Result;
using domain::ports::HttpAnswer;

namespace {

Suffering body(Trial& trial, std::function<std::string(std::string)> change, std::string_view code) {
    return {.stage = {.provider = trial.provider()},
            .begin = [&trial, change](
                         Stage& stage,
                         const std::string& target) { stage.bend(with_body(trial, target, change)); },
            .judge = [&trial, code = std::string(code)](
                         const Stage&, const Synced& synced,
                         const std::string& where) { expect_error(trial, synced, code, where); }};
}

/// A page that the adapter can be asked for.
struct PageAsk {
    std::string stream;
    domain::ports::PageRequest request;
};

/// Every page that the provider gives; a stream that may be denied has none where it is.
std::vector<PageAsk> asks_of(Stage& stage, domain::ports::ProviderSession& session, std::uint32_t limit) {
    std::vector<PageAsk> asks;
    for (const domain::ports::StreamFacts& facts : session.streams()) {
        domain::ports::PageRequest request{.cursor = {}, .limit = std::min(limit, facts.page_limit)};
        for (;;) {
            const Result<domain::Page> page = stage.run(session.fetch(facts.name, request));
            if (!page) {
                // Passed over in silence, it would leave the trials with fewer pages to bend.
                if (!facts.may_be_denied || page.error().code != domain::Errc::permission_denied) {
                    throw std::logic_error("the provider refused a page of " + facts.name +
                                           " without a fault: " + page.error().detail);
                }
                break;
            }
            asks.push_back({facts.name, request});
            request.cursor = page->next_cursor;
            request.offset += page->item_keys.size();
            const bool more = facts.paging == domain::ports::Paging::offset && page->total &&
                              request.offset < *page->total && !page->item_keys.empty();
            if (!request.cursor && !more) {
                break;
            }
        }
    }
    return asks;
}

/// Asks for the page with `answer` in the place of what the provider says to requests for data.
Result<domain::Page> fetch_with(Stage& stage, domain::ports::ProviderSession& session, const PageAsk& ask,
                                const HttpAnswer& answer) {
    stage.bend([&answer](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        return asked.for_token() ? honest() : answer;
    });
    Result<domain::Page> page = stage.run(session.fetch(ask.stream, ask.request));
    stage.heal();
    return page;
}

/// What the provider says when it is asked for a page.
HttpAnswer recorded(Stage& stage, domain::ports::ProviderSession& session, const PageAsk& ask) {
    HttpAnswer last;
    stage.bend([&last](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        HttpAnswer answer = honest();
        if (!asked.for_token()) {
            last = answer;
        }
        return answer;
    });
    const auto page = stage.run(session.fetch(ask.stream, ask.request));
    stage.heal();
    if (!page)
        throw std::runtime_error("the provider refused a page without a fault: " + page.error().detail);
    return last;
}

/// Into the first object of the page, as a member that nobody knows, so that a body that is taken must be
/// kept as it is.
std::string with_member(const std::string& page, const std::string& json_text) {
    constexpr std::string_view mark = "\"@\"";
    std::string text = edited(page, [&](json::Value& root) {
        if (json::Object* object = first_object(root)) {
            json::set(*object, "tributary_probe", "@");
        }
    });
    const std::size_t at = text.find(mark);
    return at == std::string::npos ? text : text.replace(at, mark.size(), json_text);
}

/// Either the page is refused, or what is stored holds `kept` byte for byte.
void refused_or_exact(Trial& trial, const std::string& name, const std::string& value,
                      const std::string& kept) {
    Stage stage({.provider = trial.provider()});
    const std::string truth = (stage.pages(), stage.contents());
    std::vector<std::string> places = stage.places();
    places.resize(trial.pick<std::size_t>(1, places.size()));
    for (const std::string& place : places) {
        bool present = false;
        stage.bend(with_body(trial, place, [&](const std::string& page) {
            std::string bent = with_member(page, value);
            present = bent.find(value) != std::string::npos;
            return bent;
        }));
        const Synced synced = stage.sync();
        if (present && synced.well()) {
            trial.expect(stage.contents().find(kept) != std::string::npos,
                         name + " at " + place + ": taken, but not kept as it came");
        } else if (present) {
            trial.expect(synced.outcome.error_code == "contract",
                         name + " at " + place + ": " + synced.outcome.error_code);
            trial.expect(stage.contents() == truth, name + " at " + place + ": refused, but it left a trace");
        }
        trial.expect(stage.removed() == 0, name + " at " + place + ": something was removed");
        stage.heal();
        stage.pass(std::chrono::minutes(61));
        trial.expect(stage.sync().well() && stage.contents() == truth, name + " at " + place + ": it stays");
    }
}

}  // namespace

void cut_json(Trial& trial) {
    Stage stage({.provider = trial.provider()});
    const std::string truth = (stage.pages(), stage.contents());
    const auto session = stage.open();
    std::vector<PageAsk> asks = asks_of(stage, *session, 4);
    asks.resize(std::min(asks.size(), trial.pick<std::size_t>(2, 20)));
    for (const PageAsk& ask : asks) {
        HttpAnswer answer = recorded(stage, *session, ask);
        const std::string whole = answer.body;
        for (std::size_t n = 0; n < whole.size(); n += trial.pick<std::size_t>(397, 1)) {
            answer.body = whole.substr(0, n);
            const auto page = fetch_with(stage, *session, ask, answer);
            trial.struck();
            trial.expect(!page && page.error().code == domain::Errc::contract,
                         ask.stream + " cut at " + std::to_string(n) + " is taken");
        }
    }
    for (const std::string& place : stage.places()) {
        const std::size_t cuts = trial.pick<std::size_t>(2, 40);
        for (std::size_t i = 1; i <= cuts; ++i) {
            stage.bend(with_body(trial, place, [&](const std::string& page) {
                return page.substr(0, page.size() * i / (cuts + 1));
            }));
            expect_error(trial, stage.sync(), "contract", place + " cut");
            trial.expect(stage.contents() == truth, place + " cut: rows were written");
        }
    }
}

void wrong_content(Trial& trial) {
    const std::string html = "<html><body>Down for maintenance</body></html>";
    for (const std::string& text : {html, std::string(), std::string("null"), std::string("[]")}) {
        suffer(trial, body(trial, [text](const std::string&) { return text; }, "contract"));
        if (!trial.full()) {
            break;
        }
    }
    Suffering no_content = body(trial, {}, "contract");
    no_content.begin = [&trial](Stage& stage, const std::string& target) {
        stage.bend(instead(trial, target,
                           [](const Honest&) -> Result<HttpAnswer> { return HttpAnswer{.status = 204}; }));
    };
    suffer(trial, no_content);
}

void lying_totals(Trial& trial) {
    const std::array<std::string, 5> lies{"0", "1", "1000000", "-3", "9223372036854775808"};
    Stage stage({.provider = trial.provider()});
    const std::string truth = (stage.pages(), stage.contents());
    for (const std::string& lie : lies) {
        for (const std::string& place : stage.places()) {
            stage.bend(with_body(trial, place, [&lie](const std::string& page) {
                return edited(page, [&lie](json::Value& root) {
                    for (json::Entry& entry : *root.if_object()) {
                        if (entry.key == "meta" && entry.value.if_object() != nullptr) {
                            json::set(*entry.value.if_object(), "total_count", json::Number{lie});
                        }
                    }
                    json::set(*root.if_object(), "total_count", json::Number{lie});
                });
            }));
            stage.sync();
            const std::string what = "a total of " + lie + " at " + place;
            trial.expect(stage.removed() == 0, what + ": something was removed");
            trial.expect(stage.contents() == truth, what + ": what was stored changed");
            stage.heal();
            stage.pass(std::chrono::minutes(61));
            trial.expect(stage.sync().well(), what + ": it does not recover");
        }
    }
}

void drifting_schema(Trial& trial) {
    Stage stage({.provider = trial.provider()});
    const auto session = stage.open();
    const std::vector<PageAsk> asks = asks_of(stage, *session, 10);
    simulation::Dice dice(16);
    const std::size_t mutations = trial.pick<std::size_t>(90, 10'000);
    std::vector<HttpAnswer> answers;
    for (const PageAsk& ask : asks) {
        answers.push_back(recorded(stage, *session, ask));
    }
    for (std::size_t i = 0; i < mutations; ++i) {
        const std::size_t which = i % asks.size();
        HttpAnswer answer = answers[which];
        answer.body = edited(answer.body, [&dice](json::Value& root) { mutate(root, dice); });
        const auto page = fetch_with(stage, *session, asks[which], answer);
        trial.struck();
        // Refused, or every item is accounted for: as an observation or in quarantine.
        trial.expect(!page || page->observations.size() + page->quarantined.size() >= page->item_keys.size(),
                     asks[which].stream + ": items went missing without a word");
    }
    const std::string truth = (stage.pages(), stage.contents());
    const std::set<simulation::RecordKey> rows = stage.live();
    const std::size_t runs = trial.pick<std::size_t>(3, 300);
    for (std::size_t i = 0; i < runs; ++i) {
        const std::string place = stage.pages()[dice.below(stage.pages().size())];
        stage.bend(with_body(trial, place, [&dice](const std::string& page) {
            return edited(page, [&dice](json::Value& root) { mutate(root, dice); });
        }));
        stage.sync();
        const std::set<simulation::RecordKey> left = stage.live();
        for (const simulation::RecordKey& key : rows) {
            trial.expect(left.contains(key),
                         place + " drifted: a row of " + key.stream.stream + " was removed");
        }
        stage.heal();
        stage.pass(std::chrono::minutes(61));
        trial.expect(stage.sync().well(), place + " drifted: it does not recover");
        trial.expect(stage.contents() == truth, place + " drifted: it does not come back to the truth");
    }
}

void hostile_json(Trial& trial) {
    const auto nested = [](int depth) {
        const auto n = static_cast<std::size_t>(depth);
        return std::string(n, '[') + std::string(n, ']');
    };
    refused_or_exact(trial, "33 levels", nested(33), nested(33));
    refused_or_exact(trial, "100,000 levels", nested(100'000), nested(100'000));
    const std::string long_text = "\"" + std::string(1'000'000, 'x') + "\"";
    refused_or_exact(trial, "a text of 1 MB", long_text, long_text);
    const std::string long_number(100'000, '7');
    refused_or_exact(trial, "a number of 100,000 digits", long_number, long_number);
    for (const char* number : {"1e400", "-0", "1E5"}) {
        refused_or_exact(trial, number, number, std::string("\"tributary_probe\":") + number);
    }
}

void hostile_text(Trial& trial) {
    refused_or_exact(trial, "broken UTF-8", "\"a\xC3(b\"", "a\xC3(b");
    refused_or_exact(trial, "overlong UTF-8", "\"a\xC0\xAF\"", "a\xC0\xAF");
    refused_or_exact(trial, "a surrogate alone", R"("a\ud800b")", R"(a\ud800b)");
    refused_or_exact(trial, "U+0000", R"("a\u0000b")", R"(a\u0000b)");
    refused_or_exact(trial, "right to left and zero width", "\"a\u202Eb\u200Bc\"", "a\u202Eb\u200Bc");
    refused_or_exact(trial, "four bytes", "\"\U0001F600\"", "\U0001F600");
    refused_or_exact(trial, "not normalized", "\"e\u0301\"", "e\u0301");
    suffer(trial, body(trial, [](const std::string& page) { return "\xEF\xBB\xBF" + page; }, "contract"));
}

void huge_pages(Trial& trial) {
    constexpr std::size_t many = 1'000'000;
    constexpr std::size_t keys = 200'000;
    std::string tiny = "[0";
    for (std::size_t i = 1; i < many; ++i) {
        tiny += ",0";
    }
    tiny += "]";
    std::string object = "{";
    for (std::size_t i = 0; i < keys; ++i) {
        object += "\"k" + std::to_string(i) + "\":0,";
    }
    object.back() = '}';
    for (const std::string& bulk : {tiny, object}) {
        suffer(trial,
               body(trial, [&bulk](const std::string& page) { return with_member(page, bulk); }, "contract"));
        if (!trial.full()) {
            break;
        }
    }
}

}  // namespace tributary::faults
