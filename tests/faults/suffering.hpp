// The frame of most faults: a connection meets one at the first, the middle and the last of its pages, once
// when it never ran before and once when it ran well before; then the fault is over and the next run must
// make all well.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "tests/faults/stage.hpp"
#include "tests/faults/trial.hpp"

namespace tributary::faults {

struct Suffering {
    StageOptions stage;
    /// Bends the answers to this target.
    std::function<void(Stage& stage, const std::string& target)> begin;
    /// What must hold of the run that met the fault, besides that it removed nothing and spoiled nothing.
    std::function<void(const Stage& stage, const Synced& synced, const std::string& where)> judge;
};

void suffer(Trial& trial, const Suffering& suffering);

/// Answers requests for `target` with `answer` instead, and counts it as a strike.
AnswerFault instead(Trial& trial, std::string target,
                    std::function<domain::Result<domain::ports::HttpAnswer>(const Honest&)> answer);
/// The same, of the body of a 200 alone.
AnswerFault with_body(Trial& trial, std::string target, std::function<std::string(std::string)> change);
/// Sends other bytes in answer to requests for `target`.
WireFault with_bytes(Trial& trial, std::string target, std::function<WireAnswer(const HonestBytes&)> change);

/// An answer in the provider's place, with a body that the provider could have sent with this status.
domain::ports::HttpAnswer refusal(const std::string& provider, int status);

/// The list in a page: data.items, result or data; nullptr where there is none.
json::Array* items_in(json::Value& page);
/// A body whose tree was changed.
std::string edited(const std::string& body, const std::function<void(json::Value&)>& edit);
/// The object that a page is about: of a list its first item. nullptr where there is none.
json::Object* first_object(json::Value& page);

/// A run under the fault failed in part and says so.
void expect_failed(Trial& trial, const Synced& synced, const std::string& where);
/// The same with this error.
void expect_error(Trial& trial, const Synced& synced, std::string_view code, const std::string& where);

}  // namespace tributary::faults
