#include "adapters/upvest/change_arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "domain/json/write.hpp"

namespace tributary::upvest {

using domain::Errc;
using domain::Error;

namespace {

using Faults = std::vector<Error>;

struct CreatableType {
    std::string_view ours;
    std::string_view theirs;
};

constexpr std::array<CreatableType, 5> creatable = {{{"personal", "PERSONAL"},
                                                     {"legal_entity", "LEGAL_ENTITY"},
                                                     {"french_pea", "FRENCH_PEA"},
                                                     {"isa", "ISA"},
                                                     {"joint", "JOINT"}}};

constexpr std::array<std::string_view, 7> closure_reasons = {
    "dunning",    "power_of_attorney", "loss_of_legal_capacity", "aml",
    "risk_based", "contract_breach",   "user_initiated"};

void refuse(std::string_view name, std::string detail, Faults& faults) {
    faults.push_back({Errc::invalid_input, std::move(detail), domain::pointer_step("", name), std::nullopt});
}

void refuse_others_than(std::span<const std::string_view> known, const json::Object& arguments,
                        Faults& faults) {
    for (const json::Entry& entry : arguments) {
        if (std::ranges::find(known, entry.key) == known.end()) {
            refuse(entry.key, "This action has no such member; leave it out.", faults);
        }
    }
}

/// Nothing where it is missing or no text.
std::optional<std::string> text_at(const json::Object& arguments, std::string_view name) {
    const json::Value* value = json::find(arguments, name);
    return value != nullptr && value->if_string() != nullptr ? std::optional(*value->if_string())
                                                             : std::nullopt;
}

/// Upvest, account group: nine digits formerly, now 7 to 12.
bool is_securities_number(std::string_view text) {
    return text.size() >= 7 && text.size() <= 12 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Checked<CreationOrder> read_creation_order(const json::Object& arguments) {
    static constexpr std::string_view known[] = {"type", "securities_account_number"};
    Faults faults;
    CreationOrder order;
    refuse_others_than(known, arguments, faults);
    const auto type =
        std::ranges::find(creatable, text_at(arguments, known[0]).value_or(""), &CreatableType::ours);
    if (type == creatable.end()) {
        refuse(known[0], "Give personal, legal_entity, french_pea, isa or joint.", faults);
    } else {
        order.type = type->theirs;
    }
    if (json::find(arguments, known[1]) != nullptr) {
        order.securities_account_number = text_at(arguments, known[1]).value_or("");
        if (!is_securities_number(order.securities_account_number)) {
            refuse(known[1], "Give a text of 7 to 12 digits, or leave it out.", faults);
        }
    }
    return faults.empty() ? Checked<CreationOrder>(std::move(order)) : std::unexpected(std::move(faults));
}

Checked<ClosureOrder> read_closure_order(const json::Object& arguments) {
    static constexpr std::string_view known[] = {"closure_reason", "notification_only"};
    Faults faults;
    ClosureOrder order;
    refuse_others_than(known, arguments, faults);
    order.reason = text_at(arguments, known[0]).value_or("");
    if (std::ranges::find(closure_reasons, order.reason) == closure_reasons.end()) {
        refuse(known[0],
               "Give dunning, power_of_attorney, loss_of_legal_capacity, aml, risk_based, contract_breach or "
               "user_initiated.",
               faults);
    }
    if (const json::Value* only = json::find(arguments, known[1])) {
        if (only->if_bool() == nullptr) {
            refuse(known[1], "Give true or false.", faults);
        } else {
            order.notification_only = *only->if_bool();
        }
    }
    return faults.empty() ? Checked<ClosureOrder>(std::move(order)) : std::unexpected(std::move(faults));
}

std::string body_of(const CreationOrder& order, const std::string& user) {
    json::Object body{{"user_id", user}, {"type", order.type}};
    if (!order.securities_account_number.empty()) {
        json::set(body, "securities_account_number", order.securities_account_number);
    }
    return json::write(body);
}

std::string query_of(const ClosureOrder& order) {
    return "closure_reason=" + order.reason +
           "&notification_only=" + (order.notification_only ? "true" : "false");
}

}  // namespace tributary::upvest
