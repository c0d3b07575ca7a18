#include "tests/e2e/system/sandbox.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

}  // namespace

Sandbox::Sandbox(const std::string& folder, int upvest_groups) {
    const std::string ready = folder + "/sandbox.json";
    process_ = std::make_unique<tests::ChildProcess>(
        tests::Command{.words = {TRIBUTARY_SANDBOX_PROGRAM, "--people", "120", "--upvest-groups",
                                 std::to_string(upvest_groups), "--ready-file", ready},
                       .out_file = folder + "/sandbox.log",
                       .error_file = folder + "/sandbox.log"});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!std::filesystem::exists(ready)) {
        if (!process_->running() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("the sandbox did not start");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    urls_ = tree_of(tests::text_of_file(ready));
    control_ = std::make_unique<tests::BlockingHttp>(port_of(text(urls_, "control")));
}

std::string Sandbox::url(std::string_view provider) const {
    return text(urls_, provider);
}

json::Value Sandbox::ask(std::string_view method, std::string_view target, const json::Value* body) {
    const std::string sent = body == nullptr ? std::string() : json::write(*body);
    const tests::HttpResponse answer = control_->ask(method, target, {}, sent);
    REQUIRE_MESSAGE(answer.status == 200, method << " " << target << ": " << answer.body);
    return tree_of(answer.body);
}

json::Value Sandbox::population() {
    return ask("GET", "/population", nullptr);
}

json::Array Sandbox::connections() {
    return array(ask("GET", "/connections", nullptr), "connections");
}

void Sandbox::change(json::Array operations) {
    const json::Value body(json::Object{{"changes", std::move(operations)}});
    ask("POST", "/changes", &body);
}

void Sandbox::fault(json::Object rule) {
    const json::Value body(json::Object{{"faults", json::Array{json::Value(std::move(rule))}}});
    ask("POST", "/faults", &body);
}

void Sandbox::clear_faults() {
    ask("DELETE", "/faults", nullptr);
}

json::Value Sandbox::webhook(json::Object order) {
    const json::Value body(std::move(order));
    return ask("POST", "/webhooks", &body);
}

void Sandbox::replace_webhook_keys() {
    const json::Value body(json::Object{{"keep_former", false}});
    ask("POST", "/webhooks/keys", &body);
}

std::map<std::string, std::int64_t> Sandbox::effects() {
    std::map<std::string, std::int64_t> counts;
    const json::Value told = ask("GET", "/effects", nullptr);
    for (const json::Value& effect : array(told, "effects")) {
        counts[text(effect, "provider") + " " + text(effect, "effect")] = number(effect, "count");
    }
    return counts;
}

void Sandbox::forget_effects() {
    ask("DELETE", "/effects", nullptr);
}

void Sandbox::finish_closings() {
    ask("POST", "/closings", nullptr);
}

json::Value Sandbox::take_requests() {
    json::Value counted = ask("GET", "/requests", nullptr);
    ask("DELETE", "/requests", nullptr);
    return counted;
}

}  // namespace tributary::e2e
