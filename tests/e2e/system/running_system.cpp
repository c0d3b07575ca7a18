#include "tests/e2e/system/running_system.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{20};

/// Everything secret in the body of a connection. A key in PEM is looked for by a line of its middle.
void add_secrets(Secrets& secrets, const json::Value& body) {
    for (const json::Entry& credential : object(body, "credentials")) {
        const std::string* value = credential.value.if_string();
        const bool is_name = credential.key == "client_id" || credential.key == "key_id" ||
                             credential.key == "username" || credential.key == "api_key";
        if (value == nullptr || is_name) continue;
        if (credential.key != "private_key_pem") {
            secrets.add(*value);
            continue;
        }
        std::size_t longest = 0;
        std::string line;
        for (std::size_t start = 0; start < value->size();) {
            const std::size_t end = std::min(value->find('\n', start), value->size());
            if (end - start >= longest && value->compare(start, 5, "-----") != 0) {
                longest = end - start;
                line = value->substr(start, end - start);
            }
            start = end + 1;
        }
        secrets.add(line);
    }
}

/// Outlives the system, so that a failed start can be explained too.
std::vector<std::string>& last_logs() {
    static std::vector<std::string> files;
    return files;
}

}  // namespace

RunningSystem& RunningSystem::get() {
    static RunningSystem one;
    return one;
}

RunningSystem& RunningSystem::synced() {
    RunningSystem& one = get();
    if (!one.synced_) {
        one.sync_well(one.connection_names());
        one.synced_ = true;
    }
    return one;
}

RunningSystem::RunningSystem(const std::string& lease, int upvest_groups) {
    last_logs() = logs();
    sandbox_ = std::make_unique<Sandbox>(folder_.path(), upvest_groups);
    settings_.database_url = database_.url();
    settings_.key_file = folder_.file("key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
    settings_.port = tests::free_port();
    settings_.admin_port = tests::free_port();
    settings_.lease = lease;
    settings_.tastytrade = sandbox_->url("tastytrade");
    settings_.tdx = sandbox_->url("tdx");
    settings_.upvest = sandbox_->url("upvest");
    migrate_and_make_tenant();
    start_service();
    for (const json::Value& body : sandbox_->connections()) {
        add_secrets(secrets_, body);
    }
    for (const json::Value& body : sandbox_->connections()) {
        connect(*body.if_object());
    }
}

void RunningSystem::migrate_and_make_tenant() {
    if (run_tributary(settings_, {"migrate"}).code != 0) {
        throw std::runtime_error("the database cannot be migrated");
    }
    tenant_ = domain::parse_uuid(text(command({"tenant", "create", "main", "--json"}), "id")).value();
    api_ = std::make_unique<Api>(settings_.port, make_key("main", "read,personal,sync,operations,admin"),
                                 secrets_);
}

json::Value RunningSystem::command(std::vector<std::string> words) {
    const tests::Finished finished = run_tributary(settings_, std::move(words));
    REQUIRE_MESSAGE(finished.code == 0, finished.error);
    return tree_of(finished.out);
}

std::string RunningSystem::make_key(const std::string& tenant, const std::string& scopes) {
    return text(command({"key", "create", "--tenant", tenant, "--scopes", scopes, "--json"}), "key");
}

Api RunningSystem::api_with(const std::string& key) const {
    return {settings_.port, key, secrets_};
}

std::unique_ptr<tests::ChildProcess> RunningSystem::serve(const ProgramSettings& settings) const {
    tests::Command serve = tributary_command(settings, {"serve", "--log.level", "debug"});
    serve.out_file = folder_.path() + "/service.log";
    serve.error_file = serve.out_file;
    auto service = std::make_unique<tests::ChildProcess>(serve);
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (tests::status_at(settings.admin_port, "/readyz") != 200) {
        if (!service->running() || Clock::now() > deadline) {
            throw std::runtime_error("tributary serve did not start: " + tests::text_of_file(serve.out_file));
        }
        std::this_thread::sleep_for(between_looks);
    }
    return service;
}

void RunningSystem::start_service() {
    service_ = serve(settings_);
}

void RunningSystem::stop_service() {
    CHECK(service_->stop() == 0);
}

std::vector<std::string> RunningSystem::connection_names() const {
    std::vector<std::string> names;
    for (const auto& [name, id] : connections_) {
        names.push_back(name);
    }
    return names;
}

std::string RunningSystem::connect(json::Object body) {
    json::set(body, "schedule", "manual");
    const std::string name = text(body, "name");
    const Answer made = api_->post("/v1/connections", body);
    REQUIRE_MESSAGE(made.status == 201, name << ": " << made.body);
    connections_[name] = text(made.json, "id");
    return connections_[name];
}

void RunningSystem::disconnect(const std::string& name) {
    const std::string path = "/v1/connections/" + connections_.at(name);
    REQUIRE(api_->remove(path).status == 202);
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (api_->get(path).status != 404) {
        REQUIRE_MESSAGE(Clock::now() < deadline, "the connection is still there");
        std::this_thread::sleep_for(between_looks);
    }
    connections_.erase(name);
}

json::Value RunningSystem::wait_for_run(const std::string& run) {
    const auto deadline = Clock::now() + std::chrono::seconds(180);
    for (;;) {
        Answer answer = api_->get("/v1/runs/" + run);
        REQUIRE(answer.status == 200);
        const std::string state = text(answer.json, "state");
        if (state != "queued" && state != "running") return std::move(answer.json);
        REQUIRE_MESSAGE(Clock::now() < deadline, "the run does not end");
        std::this_thread::sleep_for(between_looks);
    }
}

std::map<std::string, json::Value> RunningSystem::sync(const std::vector<std::string>& names) {
    std::map<std::string, std::string> started;
    for (const std::string& name : names) {
        const Answer asked = api_->post("/v1/connections/" + connections_.at(name) + "/sync");
        REQUIRE_MESSAGE(asked.status == 202, asked.body);
        started[name] = text(asked.json, "id");
    }
    std::map<std::string, json::Value> finished;
    for (const auto& [name, run] : started) {
        finished[name] = wait_for_run(run);
    }
    return finished;
}

void RunningSystem::sync_well(const std::vector<std::string>& names) {
    for (const auto& [name, run] : sync(names)) {
        CHECK_MESSAGE(text(run, "state") == "succeeded", name << ": " << json::write(run));
    }
}

std::vector<std::string> RunningSystem::logs() const {
    return {folder_.path() + "/service.log", folder_.path() + "/sandbox.log"};
}

const std::vector<std::string>& RunningSystem::logs_of_last() {
    return last_logs();
}

}  // namespace tributary::e2e
