#include "replica.hpp"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include "services/admin/api_key.hpp"

namespace tributary::tests {

using domain::ports::FieldView;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::ReadyReply;

namespace {

std::map<std::string, std::string> lines_of(std::string_view lines) {
    std::map<std::string, std::string> fields;
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        const auto colon = lines.find(": ");
        REQUIRE(colon < end);
        REQUIRE(end != std::string_view::npos);
        fields.emplace(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2));
        lines.remove_prefix(end + 2);
    }
    return fields;
}

Told told_of(const HttpReply& reply) {
    Told told{reply.status, reply.body, {}};
    for (const auto& [name, value] : reply.fields) {
        told.fields.emplace(name, value);
    }
    return told;
}

}  // namespace

Replica::Replica(std::size_t threads, bool linked)
    : store_(telling(threads), random_),
      log_(std::make_shared<spdlog::logger>("none")),
      keys_(io_.get_executor(), clock_, {}, log_),
      deliveries_({store_.webhooks(), providers_, keys_, clock_, log_}) {
    api_.emplace(api::ApiTools{
        .reads = store_.reads(),
        .changes = changes_,
        .feed = signal_,
        .admin = store_.admin(),
        .clock = clock_,
        .connections = {store_.connections(), sealer_, providers_, {}, {}, {}},
        .review = {store_.drift(),
                   {store_.quarantine(), store_.connections(), store_.pages(), sealer_, providers_}},
        .identity = {store_.pages(), store_.explanations(), store_.reads(), sealer_, providers_, {}},
        .traffic = traffic_,
        .webhooks = {deliveries_, store_.webhooks()},
        .actions = {store_.actions(), sealer_, providers_, clock_, {}, {}},
        .requests_per_minute = 60'000'000,
        .refresher = refresher_,
        .log = log_,
        .random = random_,
        .copies = copies_});
    if (linked) {
        link_.emplace(migrated_database().url(),
                      postgres::BlockHearer{[](const domain::ports::BudgetBlock&) {},
                                            [] { return std::vector<domain::ports::BudgetKey>(); }},
                      &signal_);
    }
    cache::follow_on(io_.get_executor(), {store_.news(), signal_, clock_, copies_});
    follower_ = std::thread([this] { io_.run(); });
}

Replica::~Replica() {
    signal_.stop();
    guard_.reset();
    follower_.join();
}

postgres::PoolOptions Replica::telling(std::size_t threads) {
    postgres::PoolOptions options = StoreFixture::pool_options(threads);
    options.url = migrated_database().url();
    options.committed = [this](const domain::ports::OwnNews& news) {
        copies_.heard(news);
        if (news.commits) signal_.announce(news.tenant, news.commits->last.number);
    };
    return options;
}

std::string Replica::make_key(const domain::Uuid& tenant, const std::vector<std::string>& scopes) {
    std::string key = admin::make_api_key(random_);
    domain::ports::ApiKey stored;
    stored.id = domain::named_uuid({}, key);
    stored.tenant = tenant;
    stored.scopes = scopes;
    good(store_.admin().create_key(stored, admin::api_key_hash(sealer_, key)));
    return key;
}

void Replica::revoke(const domain::Uuid& tenant, const std::string& key) {
    HttpRequest request;
    request.method = "DELETE";
    request.path = "/v1/keys/" + to_text(domain::named_uuid({}, key));
    request.fields.add("Authorization", "Bearer " + make_key(tenant, {"admin"}));
    REQUIRE_FALSE(run_task(api_->admit(request)));
    REQUIRE(run_task(api_->handle(std::move(request))).status == 200);
}

Told Replica::Client::get(const std::string& target, const std::map<std::string, std::string>& fields) {
    const auto question = target.find('?');
    const std::string path = target.substr(0, question);
    const std::string query = question == std::string::npos ? "" : target.substr(question + 1);
    const std::string credentials = "Bearer " + key_;
    std::vector<FieldView> views{{"Host", "api"}, {"Authorization", credentials}};
    for (const auto& [name, value] : fields) {
        views.push_back({name, value});
    }
    ReadyReply ready;
    if (replica_.api_->at_once({"GET", path, query, views}, memory_, ready)) {
        Told told{ready.status, std::string(ready.body), lines_of(ready.fields), true};
        told.fields.merge(lines_of(ready.varying));
        return told;
    }
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    request.query = query;
    for (const FieldView& view : views) {
        request.fields.add(std::string(view.name), std::string(view.value));
    }
    auto refused = run_task(replica_.api_->admit(request));
    return told_of(refused ? *refused : run_task(replica_.api_->handle(std::move(request))));
}

}  // namespace tributary::tests
