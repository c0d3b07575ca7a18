#include "services/api/freshness.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "domain/json/write.hpp"

namespace tributary::api {

using domain::Timestamp;
using domain::ports::Freshness;
using domain::ports::StreamRef;

namespace {

void put_time(json::Object& out, std::string_view key, const std::optional<Timestamp>& at) {
    if (at) {
        out.push_back({std::string(key), domain::to_text(*at)});
    }
}

/// The older of two, where never is older than any time.
void keep_older(std::optional<std::optional<Timestamp>>& oldest, const std::optional<Timestamp>& at) {
    oldest = oldest ? std::min(*oldest, at) : at;
}

json::Object source_object(const Freshness& source) {
    json::Object out{{"connection_id", to_text(source.source.connection_id)},
                     {"provider", source.provider},
                     {"stream", source.source.stream},
                     {"status", source.status}};
    put_time(out, "fetched_at", source.fetched_at);
    put_time(out, "verified_complete_at", source.verified_complete_at);
    put_time(out, "changed_at", source.changed_at);
    put_time(out, "next_due_at", source.next_due_at);
    return out;
}

/// Names each connection once of which one of these is true: it does not work, or nothing of it is `known`.
json::Array in_trouble(std::span<const Freshness> all, std::optional<Timestamp> Freshness::* known,
                       std::string_view unknown) {
    std::set<domain::Uuid> read;
    for (const Freshness& source : all) {
        if (source.*known) {
            read.insert(source.source.connection_id);
        }
    }
    std::set<domain::Uuid> told;
    json::Array out;
    for (const Freshness& source : all) {
        const domain::Uuid& connection = source.source.connection_id;
        const bool works = source.status == "active" || source.status == "pending" || source.status == "held";
        if ((works && read.contains(connection)) || !told.insert(connection).second) {
            continue;
        }
        json::Object entry{{"connection_id", to_text(connection)},
                           {"provider", source.provider},
                           {"code", works ? "pending" : source.status},
                           {"reason", works ? std::string(unknown) : source.reason}};
        if (!source.next_step.empty()) {
            entry.push_back({"next_step", source.next_step});
        }
        put_time(entry, "fetched_at", source.fetched_at);
        out.emplace_back(std::move(entry));
    }
    return out;
}

}  // namespace

std::vector<Freshness> known_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::vector<Freshness> known;
    for (const StreamRef& source : sources) {
        if (const auto stream = std::ranges::find(all, source, &Freshness::source); stream != all.end()) {
            known.push_back(*stream);
            continue;
        }
        const auto connection = std::ranges::find(
            all, source.connection_id, [](const Freshness& stream) { return stream.source.connection_id; });
        if (connection != all.end()) {
            Freshness& unread = known.emplace_back(*connection);
            unread.source = source;
            unread.fetched_at.reset();
            unread.verified_complete_at.reset();
            unread.changed_at.reset();
            unread.verdict.clear();
        }
    }
    return known;
}

json::Object freshness_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::optional<std::optional<Timestamp>> fetched;
    std::optional<std::optional<Timestamp>> verified;
    std::optional<Timestamp> changed;
    json::Array list;
    for (const Freshness& source : known_of(sources, all)) {
        keep_older(fetched, source.fetched_at);
        keep_older(verified, source.verified_complete_at);
        changed = std::max(changed, source.changed_at);
        list.emplace_back(source_object(source));
    }
    json::Object out;
    put_time(out, "fetched_at", fetched.value_or(std::nullopt));
    put_time(out, "verified_complete_at", verified.value_or(std::nullopt));
    put_time(out, "changed_at", changed);
    out.push_back({"sources", std::move(list)});
    return out;
}

json::Array missing_sources_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    return in_trouble(known_of(sources, all), &Freshness::fetched_at,
                      "No run has fetched all of it yet; what else it says of this may be missing.");
}

json::Array missing_sources(std::span<const Freshness> all) {
    return in_trouble(all, &Freshness::verified_complete_at,
                      "No run has proved yet that all of it is here; what it holds may be missing.");
}

std::string partial_text(std::span<const json::Value> missing) {
    const auto told = missing.first(std::min(missing.size(), most_missing_told));
    return json::write(json::Array(told.begin(), told.end()));
}

}  // namespace tributary::api
