#include "tests/faults/stage.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <stdexcept>

#include "adapters/tastytrade/provider.hpp"
#include "adapters/tdx/provider.hpp"
#include "adapters/upvest/provider.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "services/sync/run.hpp"
#include "tests/faults/small_pages.hpp"
#include "tests/sandbox/population/generate.hpp"
#include "tests/simulation/observations.hpp"
#include "tests/simulation/schedule_tables.hpp"

namespace tributary::faults {

using domain::Result;
using domain::Uuid;
using simulation::Instant;

namespace {

constexpr simulation::ProcessId process = 1;

std::unique_ptr<domain::ports::Provider> provider_named(const std::string& name) {
    if (name == "tastytrade") {
        return tastytrade::make_provider();
    }
    return name == "tdx" ? tdx::make_provider() : upvest::make_provider();
}

std::string usual_login(const std::string& provider) {
    if (provider == "tastytrade") {
        return "tasty-01";
    }
    return provider == "tdx" ? "tdx-01" : "upvest-01";
}

std::shared_ptr<spdlog::logger> silent_log() {
    auto log = std::make_shared<spdlog::logger>("faults");
    log->set_level(spdlog::level::off);
    return log;
}

json::Value parsed(const std::string& text) {
    return std::move(json::parse(text, 4'000'000).value().root);
}

domain::ports::HttpRequest to_control(std::string method, std::string path, std::string body) {
    domain::ports::HttpRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return request;
}

/// A customer's name that does not tell which of the members was seen first, as its id does.
std::string first_profile(const std::string& customer) {
    std::string first;
    for (const json::Value& profile : *parsed(customer).find("profiles")->if_array()) {
        const std::string& id = *profile.find("id")->if_string();
        first = first.empty() ? id : std::min(first, id);
    }
    return "customer of " + first;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

template <class T>
T must(Result<T> result, const char* what) {
    if (!result) {
        throw std::runtime_error(std::string(what) + ": " + result.error().detail);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

}  // namespace

Stage::Stage(StageOptions options)
    : options_(std::move(options)),
      dice_(options_.seed),
      trace_(timeline_),
      no_faults_(dice_, simulation::FaultPlan::Mode::shifting_offsets),
      database_(domain::named_uuid({}, "tenant")),
      store_tools_{database_,
                   timeline_,
                   no_faults_,
                   dice_,
                   trace_,
                   [this] { return simulation::timestamp_of(timeline_.now()); },
                   [](simulation::ProcessId, simulation::Fault) { return false; },
                   [](simulation::ProcessId) {}},
      pages_(simulation::Transactions(store_tools_, process)),
      connections_(simulation::Transactions(store_tools_, process)),
      clock_(timeline_, process),
      random_(dice_),
      sandbox_(sandbox::generate({.seed = options_.seed, .people = 100, .upvest_groups = 20}),
               [this] { return simulation::timestamp_of(timeline_.now()); }),
      exchange_{sandbox_, timeline_, options_.provider},
      direct_(exchange_, clock_),
      budgets_(clock_),
      traffic_{.budgets = budgets_} {
    no_faults_.cease();
    sandbox_.set_urls({"https://tastytrade.test", "https://tdx.test", "https://upvest.test"});
    if (options_.road == Road::wire) {
        peer_ = std::make_unique<WirePeer>(io_, exchange_);
        const std::string origin = peer_->url();
        sandbox_.set_urls({origin, origin, origin});
        options_.client.plain_origins = {origin};
        client_ = must(http::HttpClient::create(io_.get_executor(), options_.client), "client");
    }
    connection_ = connect(options_.provider, options_.login);
    for (const std::string& neighbour : options_.neighbours) {
        connect(neighbour, "");
    }
    database_.journal.forget();
}

Stage::~Stage() {
    // Coroutines that still wait go before what they use.
    client_.reset();
    peer_.reset();
    timeline_.drop(process);
    io_.restart();
    io_.poll();
}

domain::ports::HttpTransport& Stage::transport() {
    if (client_) {
        return *client_;
    }
    return direct_;
}

/// Enough for several pages of each list of Upvest, and quick to sync.
void Stage::keep_few(const std::string& login) {
    constexpr std::size_t few = 24;
    json::Array operations;
    for (const auto& [kind, name] : {std::pair(sandbox::Kind::upvest_user, "user"),
                                     std::pair(sandbox::Kind::upvest_account_group, "account_group"),
                                     std::pair(sandbox::Kind::upvest_account, "account")}) {
        const auto& items = sandbox_.world().of(kind).of(login);
        for (std::size_t i = few; i < items.size(); ++i) {
            operations.push_back(
                json::Object{{"op", "remove"}, {"provider", "upvest"}, {"kind", name}, {"id", items[i]->id}});
        }
    }
    control("/changes", json::write(json::Object{{"changes", std::move(operations)}}));
}

Uuid Stage::connect(const std::string& provider, const std::string& asked_login) {
    providers_.add(std::make_unique<SmallPages>(provider_named(provider), options_.page_limit));
    traffic_.terms.insert({provider, options_.terms});
    const std::string login = asked_login.empty() ? usual_login(provider) : asked_login;
    const json::Value listed = parsed(sandbox_.control(to_control("GET", "/connections", "")).body);
    for (const json::Value& body : *listed.find("connections")->if_array()) {
        if (*body.find("name")->if_string() != login) {
            continue;
        }
        domain::ports::NewConnection made;
        made.provider = provider;
        made.environment = domain::ProviderEnvironment::sandbox;
        made.base_url = *body.find("base_url")->if_string();
        made.period = std::chrono::seconds(60);
        made.settings = json::write(*body.find("settings"));
        made.sealed_credentials = json::write(*body.find("credentials"));
        for (std::size_t i = options_.connections; i > 0; --i) {
            made.name = i == 1 ? login : login + "-" + std::to_string(i);
            made.id = domain::named_uuid({}, made.name);
            must(simulation::ScheduleTables(database_, dice_, store_tools_.now()).create(made), "connection");
        }
        if (provider == "upvest") {
            keep_few(login);
        }
        return made.id;
    }
    throw std::runtime_error("the sandbox has no login " + login);
}

void Stage::heal() {
    exchange_.answer_fault = {};
    exchange_.wire_fault = {};
}

void Stage::skew_provider(std::chrono::seconds by) {
    control("/clock", R"({"skew_seconds":)" + std::to_string(by.count()) + "}");
    exchange_.skew = by;
}

sync::SyncTools Stage::tools() {
    sync::SyncTools tools{pages_,      connections_, sealer_, providers_, {transport(), clock_, random_},
                          silent_log()};
    tools.traffic = &traffic_;
    return tools;
}

std::vector<std::chrono::milliseconds> Stage::ages(const std::string& provider) const {
    const domain::Timestamp now = simulation::timestamp_of(timeline_.now());
    std::vector<std::chrono::milliseconds> ages;
    for (const auto& [id, row] : database_.connections.rows()) {
        if (row.view.provider != provider) {
            continue;
        }
        domain::Timestamp oldest = row.streams.empty() ? domain::Timestamp{} : now;
        for (const auto& [name, state] : row.streams) {
            oldest = std::min(oldest, state.verified_complete_at.value_or(domain::Timestamp{}));
        }
        ages.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest));
    }
    return ages;
}

void Stage::set_latency(const std::string& provider, std::chrono::milliseconds latency) {
    direct_.latency_of[provider + ".test"] = latency;
}

std::size_t Stage::fresh_since(Instant at) const {
    const domain::Timestamp since = simulation::timestamp_of(at);
    const auto is_fresh = [since](const auto& stream) { return stream.second.verified_complete_at >= since; };
    return static_cast<std::size_t>(
        std::ranges::count_if(database_.connections.rows(), [&is_fresh](const auto& row) {
            return !row.second.streams.empty() && std::ranges::all_of(row.second.streams, is_fresh);
        }));
}

Synced Stage::sync() {
    must(simulation::ScheduleTables(database_, dice_, store_tools_.now()).request_run(connection_, "manual"),
         "request");
    database_.journal.forget();
    const std::size_t before = log().size();
    auto claimed =
        must(run(connections_.claim_connection(Uuid{}, connection_, std::chrono::hours(48))), "claim");
    if (claimed.size() != 1) {
        throw std::runtime_error("the connection cannot be claimed");
    }
    const sync::SyncTools own_tools = tools();
    const domain::ports::Lease lease{connection_, claimed.front().fence};
    const Uuid run_id = claimed.front().run_id;
    auto result =
        must(run(sync::perform_run(own_tools, std::move(claimed.front()), [] { return true; })), "run");
    Synced synced{result.outcome};
    must(run(connections_.finish_run(database_.tenant, lease, run_id, std::move(result.outcome))), "finish");
    for (auto asked = log().begin() + static_cast<std::ptrdiff_t>(before); asked != log().end(); ++asked) {
        ++(asked->for_token() ? synced.token_calls : synced.asked);
    }
    return synced;
}

const std::vector<std::string>& Stage::pages() {
    if (clean_pages_.empty()) {
        const std::size_t before = log().size();
        if (const Synced clean = sync(); !clean.well()) {
            throw std::runtime_error("a clean run fails: " + clean.outcome.error_detail +
                                     clean.outcome.report);
        }
        for (auto asked = log().begin() + static_cast<std::ptrdiff_t>(before); asked != log().end();
             ++asked) {
            if (!asked->for_token() && std::ranges::count(clean_pages_, asked->target) == 0) {
                clean_pages_.push_back(asked->target);
            }
        }
    }
    return clean_pages_;
}

std::vector<std::string> Stage::places() {
    const std::vector<std::string>& all = pages();
    std::vector<std::string> places{all.front()};
    for (const std::string& place : {all[all.size() / 2], all.back()}) {
        if (std::ranges::count(places, place) == 0) {
            places.push_back(place);
        }
    }
    return places;
}

std::string Stage::contents() const {
    std::string text;
    for (const auto& [key, row] : database_.records.rows()) {
        if (!row.removed) {
            text += key.stream.stream + "/" + key.provider_id + " " + row.raw + "\n";
        }
    }
    std::vector<std::pair<std::string, std::string>> names;
    std::vector<std::string> lines;
    for (const auto& [id, row] : database_.documents.rows()) {
        if (row.state.removed) {
            continue;
        }
        lines.push_back(domain::content_of(row.state.body));
        if (row.state.kind == domain::EntityKind::customer) {
            names.emplace_back(to_text(id), first_profile(lines.back()));
        }
    }
    for (std::string& line : lines) {
        for (const auto& [id, name] : names) {
            replace_all(line, id, name);
        }
    }
    std::ranges::sort(lines);
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

std::set<simulation::RecordKey> Stage::live() const {
    std::set<simulation::RecordKey> keys;
    for (const auto& [key, row] : database_.records.rows()) {
        if (!row.removed) {
            keys.insert(key);
        }
    }
    return keys;
}

std::size_t Stage::removed() const {
    return database_.records.rows().size() - live().size();
}

std::unique_ptr<domain::ports::ProviderSession> Stage::open() {
    const simulation::ConnectionRow& row = *database_.connections.find(connection_);
    domain::ports::ConnectionContext context;
    context.id = connection_;
    context.space = {database_.tenant, options_.provider, domain::ProviderEnvironment::sandbox};
    context.base_url = row.view.base_url;
    context.settings = *parsed(row.view.settings).if_object();
    context.credentials = *parsed(row.sealed_credentials).if_object();
    context.self = row.view.self;
    return must(providers_.find(options_.provider)->open(std::move(context), {transport(), clock_, random_}),
                "session");
}

void Stage::control(const std::string& path, const std::string& body) {
    const auto reply = sandbox_.control(to_control("POST", path, body));
    if (reply.status != 200) {
        throw std::runtime_error("the sandbox refuses: " + reply.body);
    }
}

json::Value Stage::population() {
    return parsed(sandbox_.control(to_control("GET", "/population", "")).body);
}

}  // namespace tributary::faults
