#include "tests/sandbox/control/sandbox.hpp"

#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/control/changes.hpp"
#include "tests/sandbox/control/ground_truth.hpp"
#include "tests/sandbox/control/json_text.hpp"
#include "tests/sandbox/control/views.hpp"
#include "tests/sandbox/control/webhook_control.hpp"
#include "tests/sandbox/face/reply.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::size_t most_values = 4'000'000;

HttpReply refusal(int status, std::string sentence, std::size_t applied = 0) {
    return json_reply(status, json::Object{{"error", std::move(sentence)}, {"applied", applied}});
}

/// The objects of the array under `key` of a JSON body; nothing where the body has another form.
std::optional<std::vector<json::Object>> objects_in(const HttpRequest& request, std::string_view key) {
    const auto parsed = json::parse(request.body, most_values);
    const json::Value* list = parsed ? parsed->root.find(key) : nullptr;
    if (list == nullptr || list->if_array() == nullptr) return std::nullopt;
    std::vector<json::Object> objects;
    for (const json::Value& element : *list->if_array()) {
        if (element.if_object() == nullptr) return std::nullopt;
        objects.push_back(*element.if_object());
    }
    return objects;
}

json::Array describe(const std::vector<Fault>& faults) {
    json::Array rows;
    for (const Fault& fault : faults) {
        rows.push_back(json::Object{{"provider", fault.provider},
                                    {"path_prefix", fault.path_prefix},
                                    {"after", fault.after},
                                    {"times", fault.times}});
    }
    return rows;
}

}  // namespace

Sandbox::Sandbox(std::unique_ptr<World> world, std::function<domain::Timestamp()> real_time)
    : world_(std::move(world)),
      clock_(std::move(real_time)),
      tastytrade_(*world_, clock_),
      tdx_(*world_, clock_, effects_),
      upvest_(*world_, clock_, effects_),
      event_ids_(world_->seed, "events") {}

Exchange Sandbox::ask(Face& face, const HttpRequest& request) {
    Exchange exchange = faults_.apply(face, request);
    counters_.count(face.provider(), request.method, face.path_template(request.path), exchange.reply.status);
    return exchange;
}

Exchange Sandbox::control_exchange(const HttpRequest& request) {
    if (request.method == "POST" && (request.path == "/webhooks" || request.path == "/webhooks/keys")) {
        return control_webhooks(request, *world_, upvest_, event_ids_, clock_.now());
    }
    return {.reply = control(request)};
}

HttpReply Sandbox::control(const HttpRequest& request) {
    const std::string route = request.method + " " + request.path;
    if (route == "GET /population") return population();
    if (route == "GET /connections") {
        return json_reply(200, json::Object{{"connections", connection_bodies(*world_, urls_)}});
    }
    if (route == "POST /changes") return changes(request);
    if (route == "POST /closings") return closings(request);
    if (request.path == "/faults") return faults(request);
    if (route == "POST /clock") return clock(request);
    if (route == "DELETE /requests") counters_.clear();
    if (route == "GET /requests" || route == "DELETE /requests") {
        return json_reply(200, json::Object{{"requests", counters_.report()}});
    }
    if (route == "DELETE /effects") effects_.clear();
    if (route == "GET /effects" || route == "DELETE /effects") {
        return json_reply(200, json::Object{{"effects", effects_.report()}});
    }
    return refusal(404, "There is no such route; see the sandbox's README.");
}

HttpReply Sandbox::population() const {
    return text_reply(200, "application/json",
                      joined_object({{"seed", std::to_string(world_->seed)},
                                     {"tastytrade", tastytrade_views(*world_)},
                                     {"tdx", tdx_views(*world_)},
                                     {"upvest", upvest_views(*world_)},
                                     {"profiles", profiles_text(*world_)},
                                     {"must_not_merge", look_alikes_text(*world_)},
                                     {"access", access_text(*world_)}}));
}

HttpReply Sandbox::changes(const HttpRequest& request) {
    const auto operations = objects_in(request, "changes");
    if (!operations) return refusal(400, "Send {\"changes\": [operation, ...]}.");
    std::size_t applied = 0;
    for (const json::Object& operation : *operations) {
        const auto outcome = apply_change(*world_, operation, clock_.now());
        if (!outcome) return refusal(400, outcome.error(), applied);
        ++applied;
    }
    return json_reply(200, json::Object{{"applied", applied}});
}

HttpReply Sandbox::closings(const HttpRequest& request) {
    std::vector<std::string> ids = upvest_.changes().closing();
    if (!request.body.empty()) {
        const auto parsed = json::parse(request.body);
        const json::Value* given = parsed ? parsed->root.find("ids") : nullptr;
        if (given == nullptr || given->if_array() == nullptr)
            return refusal(400, "Send {\"ids\": [id, ...]}.");
        ids.clear();
        for (const json::Value& id : *given->if_array()) {
            ids.push_back(id.if_string() == nullptr ? "" : *id.if_string());
        }
    }
    std::size_t closed = 0;
    for (const std::string& id : ids) {
        if (!upvest_.changes().finish_closing(id)) return refusal(400, "A group is not CLOSING.", closed);
        ++closed;
    }
    return json_reply(200, json::Object{{"closed", closed}});
}

HttpReply Sandbox::faults(const HttpRequest& request) {
    if (request.method == "DELETE") faults_.clear();
    if (request.method == "POST") {
        const auto rules = objects_in(request, "faults");
        if (!rules) return refusal(400, "Send {\"faults\": [rule, ...]}.");
        std::vector<Fault> parsed;
        for (const json::Object& rule : *rules) {
            auto fault = parse_fault(rule);
            if (!fault) return refusal(400, fault.error());
            parsed.push_back(std::move(*fault));
        }
        for (Fault& fault : parsed) {
            faults_.add(std::move(fault));
        }
    }
    return json_reply(200, json::Object{{"faults", describe(faults_.all())}});
}

HttpReply Sandbox::clock(const HttpRequest& request) {
    const auto parsed = json::parse(request.body);
    const auto seconds = [&parsed](std::string_view key) -> std::optional<std::chrono::seconds> {
        const json::Value* value = parsed ? parsed->root.find(key) : nullptr;
        if (value == nullptr || value->if_number() == nullptr) return std::nullopt;
        return std::chrono::seconds(std::strtoll(value->if_number()->lexeme.c_str(), nullptr, 10));
    };
    const auto advance = seconds("advance_seconds");
    const auto skew = seconds("skew_seconds");
    if (!advance && !skew) return refusal(400, "Send advance_seconds, skew_seconds or both.");
    if (advance) clock_.age(*advance);
    if (skew) clock_.set_skew(*skew);
    return json_reply(200, json::Object{{"now", domain::to_text(clock_.now())}});
}

}  // namespace tributary::sandbox
