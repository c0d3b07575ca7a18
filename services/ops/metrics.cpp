#include "services/ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "services/ops/ready_counts.hpp"

namespace tributary::ops {

namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

const Buckets& request_buckets() {
    static const Buckets bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                0.1,    0.25,  0.5,    1,     2.5,  5,     10};
    return bounds;
}

const Buckets& run_buckets() {
    static const Buckets bounds{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900};
    return bounds;
}

double seconds_of(std::chrono::nanoseconds elapsed) {
    return std::chrono::duration<double>(elapsed).count();
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Gauge>& build = prometheus::BuildGauge()
                                                       .Name("tributary_build_info")
                                                       .Help("The version that runs, as a label; always 1.")
                                                       .Register(registry);
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("tributary_http_requests_total")
                                                            .Help("Requests answered by the API.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& request_seconds =
        prometheus::BuildHistogram()
            .Name("tributary_http_request_duration_seconds")
            .Help("Time from a request's last byte to its finished answer.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& runs = prometheus::BuildCounter()
                                                        .Name("tributary_sync_runs_total")
                                                        .Help("Sync runs ended in this process.")
                                                        .Register(registry);
    prometheus::Family<prometheus::Histogram>& run_seconds = prometheus::BuildHistogram()
                                                                 .Name("tributary_sync_run_duration_seconds")
                                                                 .Help("Time a sync run took.")
                                                                 .Register(registry);
    prometheus::Family<prometheus::Counter>& actions =
        prometheus::BuildCounter()
            .Name("tributary_actions_total")
            .Help("Changes at providers ended in this process.")
            .Register(registry);
    prometheus::Counter& deleted_history =
        prometheus::BuildCounter()
            .Name("tributary_history_deleted_rows_total")
            .Help("Rows of the past that this process deleted because they were kept long enough.")
            .Register(registry)
            .Add({});
    prometheus::Gauge& open_connections = prometheus::BuildGauge()
                                              .Name("tributary_http_open_connections")
                                              .Help("Connections open on the API's listener.")
                                              .Register(registry)
                                              .Add({});
    prometheus::Gauge& cached_documents = prometheus::BuildGauge()
                                              .Name("tributary_cache_documents")
                                              .Help("Finished documents in memory.")
                                              .Register(registry)
                                              .Add({});
    prometheus::Gauge& cached_bytes =
        prometheus::BuildGauge()
            .Name("tributary_cache_bytes")
            .Help("Memory that finished documents take, of at most cache.bytes.")
            .Register(registry)
            .Add({});
    prometheus::Counter& evicted = prometheus::BuildCounter()
                                       .Name("tributary_cache_evicted_total")
                                       .Help("Finished documents that went to make room for others.")
                                       .Register(registry)
                                       .Add({});
    ReadyCounts ready{request_buckets()};
};

Metrics::Metrics(std::string_view version) : families_(std::make_unique<Families>()) {
    families_->build.Add({{"version", std::string(version)}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, std::string_view method, int status,
                            std::chrono::nanoseconds elapsed) {
    const prometheus::Labels named{{"route", std::string(route)}, {"method", std::string(method)}};
    prometheus::Labels with_code = named;
    with_code.emplace("code", std::to_string(status));
    families_->requests.Add(with_code).Increment();
    families_->request_seconds.Add(named, request_buckets()).Observe(seconds_of(elapsed));
}

void Metrics::count_ready(std::string_view route, std::string_view method, int status,
                          std::chrono::nanoseconds elapsed) {
    families_->ready.count(route, method, status, elapsed);
}

void Metrics::count_run(std::string_view provider, std::string_view state, std::chrono::nanoseconds elapsed) {
    families_->runs.Add({{"provider", std::string(provider)}, {"state", std::string(state)}}).Increment();
    families_->run_seconds.Add({{"provider", std::string(provider)}}, run_buckets())
        .Observe(seconds_of(elapsed));
}

void Metrics::count_action(std::string_view kind, std::string_view outcome) {
    families_->actions.Add({{"kind", std::string(kind)}, {"outcome", std::string(outcome)}}).Increment();
}

void Metrics::count_deleted_history(std::size_t rows) {
    families_->deleted_history.Increment(static_cast<double>(rows));
}

void Metrics::set_open_connections(std::uint64_t count) {
    families_->open_connections.Set(static_cast<double>(count));
}

void Metrics::set_cache(std::uint64_t documents, std::uint64_t bytes, std::uint64_t evicted) {
    families_->cached_documents.Set(static_cast<double>(documents));
    families_->cached_bytes.Set(static_cast<double>(bytes));
    families_->evicted.Increment(static_cast<double>(evicted) - families_->evicted.Value());
}

std::string Metrics::text() const {
    families_->ready.take([this](const ReadyCount& count) {
        const prometheus::Labels named{{"route", count.route}, {"method", count.method}};
        prometheus::Labels with_code = named;
        with_code.emplace("code", std::to_string(count.status));
        families_->requests.Add(with_code).Increment(static_cast<double>(count.answers));
        families_->request_seconds.Add(named, request_buckets())
            .ObserveMultiple(count.buckets, count.seconds);
    });
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace tributary::ops
