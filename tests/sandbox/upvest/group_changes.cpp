#include "tests/sandbox/upvest/group_changes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/upvest/problem.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::array<std::string_view, 5> types{"PERSONAL", "LEGAL_ENTITY", "FRENCH_PEA", "ISA", "JOINT"};
constexpr std::array<std::string_view, 7> reasons{
    "dunning",    "power_of_attorney", "loss_of_legal_capacity", "aml",
    "risk_based", "contract_breach",   "user_initiated"};

HttpReply invalid(const HttpRequest& request, std::string_view detail) {
    return upvest_problem(request, 400, "invalid_request", detail);
}

HttpReply not_found(const HttpRequest& request) {
    return upvest_problem(request, 404, "not_found", "The resource was not found.");
}

std::string text_at(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The documented pattern: versions up to 5, dashes optional.
bool is_idempotency_key(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool may_be_dash =
            digits.size() == 8 || digits.size() == 12 || digits.size() == 16 || digits.size() == 20;
        if (text[i] == '-' && may_be_dash && i > 0 && text[i - 1] != '-') continue;
        if (!is_hex(text[i])) return false;
        digits.push_back(text[i]);
    }
    return digits.size() == 32 && digits[12] <= '5' && std::string_view("089abAB").contains(digits[16]);
}

struct Closure {
    bool notification_only = false;
};

std::optional<Closure> read_closure(std::string_view query) {
    const auto form = Form::parse(query);
    const auto reason = form ? form->find("closure_reason") : std::nullopt;
    if (!reason || std::ranges::find(reasons, *reason) == reasons.end()) return std::nullopt;
    const std::string only = form->find("notification_only").value_or("false");
    if (only != "true" && only != "false") return std::nullopt;
    return Closure{only == "true"};
}

bool is_number(std::string_view text) {
    return text.size() >= 7 && text.size() <= 12 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// What is wrong with the body of a creation; empty: nothing.
std::string_view fault_of(const json::Object& body) {
    for (const json::Entry& entry : body) {
        if (entry.key != "user_id" && entry.key != "type" && entry.key != "securities_account_number") {
            return "There is a member that is not known.";
        }
    }
    if (text_at(body, "user_id").empty()) return "user_id is missing.";
    if (std::ranges::find(types, text_at(body, "type")) == types.end()) return "The type is not served.";
    const bool numbered = json::find(body, "securities_account_number") != nullptr;
    return numbered && !is_number(text_at(body, "securities_account_number"))
               ? "The securities_account_number is malformed."
               : "";
}

}  // namespace

HttpReply UpvestGroupChanges::create(const HttpRequest& request, const UpvestClient& client) {
    const std::string key(request.fields.find("idempotency-key").value_or(""));
    if (key.empty()) {
        return upvest_problem(request, 400, "missing_idempotency_key", "The idempotency-key is missing.");
    }
    if (!is_idempotency_key(key)) return invalid(request, "The idempotency-key is no UUID.");
    const auto known = answered_.find({client.name, key});
    if (known != answered_.end()) {
        return known->second.body == request.body
                   ? known->second.reply
                   : upvest_problem(request, 422, "unprocessable_entity", "The key has another body.");
    }
    HttpReply reply = make_group(request, client);
    if (reply.status == 200) {
        answered_[{client.name, key}] = {request.body, reply};
    }
    return reply;
}

HttpReply UpvestGroupChanges::make_group(const HttpRequest& request, const UpvestClient& client) {
    const auto parsed = json::parse(request.body);
    const json::Object* body = parsed ? parsed->root.if_object() : nullptr;
    if (body == nullptr) return invalid(request, "The body is no object.");
    if (const std::string_view fault = fault_of(*body); !fault.empty()) return invalid(request, fault);
    const std::string user = text_at(*body, "user_id");
    const Item* known = world_.of(Kind::upvest_user).find(user);
    if (known == nullptr || known->parent != client.name) return not_found(request);
    const std::string now = domain::to_text(clock_.now());
    const std::string number = text_at(*body, "securities_account_number");
    const std::string id = ids_.uuid();
    const json::Object group{{"id", id},
                             {"created_at", now},
                             {"updated_at", now},
                             {"type", text_at(*body, "type")},
                             {"status", "PENDING_APPROVAL"},
                             {"users", json::Array{json::Object{{"id", user}, {"type", "OWNER"}}}},
                             {"securities_account_number", number.empty() ? ids_.digits(9) : number}};
    world_.of(Kind::upvest_account_group).add(make_item(Kind::upvest_account_group, id, client.name, group));
    effects_.happened("upvest", "account_group_created", id);
    return json_reply(200, group);
}

HttpReply UpvestGroupChanges::close(const HttpRequest& request, const UpvestClient& client,
                                    const std::string& id) {
    const auto closure = read_closure(request.query);
    if (!closure) return invalid(request, "closure_reason or notification_only is not valid.");
    const Item* found = world_.of(Kind::upvest_account_group).find(id);
    if (found == nullptr || found->parent != client.name) return not_found(request);
    const std::string status = text_at(object_of(*found), "status");
    if (status != "ACTIVE" && status != "PENDING_APPROVAL") {
        return upvest_problem(request, 409, "conflict", "The group cannot be closed in its state.");
    }
    HttpReply reply;
    reply.status = 202;
    if (closure->notification_only) {
        effects_.happened("upvest", "account_group_closing_announced", id);
        return reply;
    }
    set_status(id, "CLOSING");
    effects_.happened("upvest", "account_group_closing_initiated", id);
    return reply;
}

bool UpvestGroupChanges::finish_closing(const std::string& id) {
    const Item* found = world_.of(Kind::upvest_account_group).find(id);
    if (found == nullptr || text_at(object_of(*found), "status") != "CLOSING") return false;
    set_status(id, "CLOSED");
    effects_.happened("upvest", "account_group_closed", id);
    return true;
}

std::vector<std::string> UpvestGroupChanges::closing() const {
    std::vector<std::string> ids;
    for (const Item* item : world_.of(Kind::upvest_account_group).live()) {
        if (text_at(object_of(*item), "status") == "CLOSING") {
            ids.push_back(item->id);
        }
    }
    return ids;
}

void UpvestGroupChanges::set_status(const std::string& id, std::string_view status) {
    Collection& groups = world_.of(Kind::upvest_account_group);
    Item* item = groups.find_any(id);
    json::Object object = object_of(*item);
    json::set(object, "status", status);
    json::set(object, "updated_at", domain::to_text(clock_.now()));
    set_object(*item, Kind::upvest_account_group, object);
    groups.touched();
}

}  // namespace tributary::sandbox
