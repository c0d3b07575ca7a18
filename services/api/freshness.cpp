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

/// What is known of a source, where it lies: most answers tell of many and copy none.
struct Seen {
    const StreamRef* source;
    const Freshness* told;
    /// Otherwise it tells of the connection alone, and no times.
    bool is_stream = true;

    [[nodiscard]] std::optional<Timestamp> at(std::optional<Timestamp> Freshness::* time) const {
        return is_stream ? told->*time : std::nullopt;
    }

    [[nodiscard]] bool works() const {
        return told->status == "active" || told->status == "pending" || told->status == "held";
    }
};

std::vector<Seen> seen_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::vector<Seen> seen;
    seen.reserve(sources.size());
    for (const StreamRef& source : sources) {
        if (const auto stream = std::ranges::find(all, source, &Freshness::source); stream != all.end()) {
            seen.push_back({&source, &*stream});
            continue;
        }
        const auto connection = std::ranges::find(
            all, source.connection_id, [](const Freshness& stream) { return stream.source.connection_id; });
        if (connection != all.end()) seen.push_back({&source, &*connection, false});
    }
    return seen;
}

std::vector<Seen> seen_of(std::span<const Freshness> all) {
    std::vector<Seen> seen;
    seen.reserve(all.size());
    for (const Freshness& source : all) {
        seen.push_back({&source.source, &source});
    }
    return seen;
}

/// Names each connection once of which one of these is true: it does not work, or nothing of it is `known`.
json::Array in_trouble(std::span<const Seen> all, std::optional<Timestamp> Freshness::* known,
                       std::string_view unknown) {
    // As nearly always, and nothing is to be sorted out.
    if (std::ranges::all_of(all, [&](const Seen& seen) { return seen.works() && seen.at(known); })) return {};
    std::set<domain::Uuid> read;
    for (const Seen& seen : all) {
        if (seen.at(known)) {
            read.insert(seen.source->connection_id);
        }
    }
    std::set<domain::Uuid> told;
    json::Array out;
    for (const Seen& seen : all) {
        const domain::Uuid& connection = seen.source->connection_id;
        const bool works = seen.works();
        if ((works && read.contains(connection)) || !told.insert(connection).second) {
            continue;
        }
        json::Object entry{{"connection_id", to_text(connection)},
                           {"provider", seen.told->provider},
                           {"code", works ? "pending" : seen.told->status},
                           {"reason", works ? std::string(unknown) : seen.told->reason}};
        if (!seen.told->next_step.empty()) {
            entry.push_back({"next_step", seen.told->next_step});
        }
        put_time(entry, "fetched_at", seen.at(&Freshness::fetched_at));
        out.emplace_back(std::move(entry));
    }
    return out;
}

/// Of a whole, from its sources.
struct Times {
    std::optional<Timestamp> fetched;
    std::optional<Timestamp> verified;
    std::optional<Timestamp> changed;
};

Times times_of(std::span<const Seen> all) {
    std::optional<std::optional<Timestamp>> fetched;
    std::optional<std::optional<Timestamp>> verified;
    std::optional<Timestamp> changed;
    for (const Seen& seen : all) {
        keep_older(fetched, seen.at(&Freshness::fetched_at));
        keep_older(verified, seen.at(&Freshness::verified_complete_at));
        changed = std::max(changed, seen.at(&Freshness::changed_at));
    }
    return {fetched.value_or(std::nullopt), verified.value_or(std::nullopt), changed};
}

/// `"key":"time",`, where there is a time.
void add_time(std::string& out, std::string_view key, const std::optional<Timestamp>& at) {
    if (at) out.append("\"").append(key).append("\":\"").append(domain::to_text(*at)).append("\",");
}

void add_text(std::string& out, std::string_view key, std::string_view text) {
    out.append("\"").append(key).append("\":");
    json::write_string(out, text);
    out += ',';
}

void add_source(std::string& out, const Seen& seen) {
    out += '{';
    out.append("\"connection_id\":\"").append(to_text(seen.source->connection_id)).append("\",");
    add_text(out, "provider", seen.told->provider);
    add_text(out, "stream", seen.source->stream);
    add_text(out, "status", seen.told->status);
    add_time(out, "fetched_at", seen.at(&Freshness::fetched_at));
    add_time(out, "verified_complete_at", seen.at(&Freshness::verified_complete_at));
    add_time(out, "changed_at", seen.at(&Freshness::changed_at));
    add_time(out, "next_due_at", seen.told->next_due_at);
    out.back() = '}';
}

}  // namespace

std::vector<Freshness> known_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::vector<Freshness> known;
    for (const Seen& seen : seen_of(sources, all)) {
        Freshness& one = known.emplace_back(*seen.told);
        if (!seen.is_stream) {
            one.source = *seen.source;
            one.fetched_at.reset();
            one.verified_complete_at.reset();
            one.changed_at.reset();
            one.verdict.clear();
        }
    }
    return known;
}

json::Object freshness_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    const Times times = times_of(seen_of(sources, all));
    json::Array list;
    for (const Freshness& source : known_of(sources, all)) {
        list.emplace_back(source_object(source));
    }
    json::Object out;
    put_time(out, "fetched_at", times.fetched);
    put_time(out, "verified_complete_at", times.verified);
    put_time(out, "changed_at", times.changed);
    out.push_back({"sources", std::move(list)});
    return out;
}

std::string freshness_text(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    constexpr std::size_t bytes_a_source = 360;
    const std::vector<Seen> seen = seen_of(sources, all);
    const Times times = times_of(seen);
    std::string out;
    out.reserve((seen.size() + 1) * bytes_a_source);
    out += '{';
    add_time(out, "fetched_at", times.fetched);
    add_time(out, "verified_complete_at", times.verified);
    add_time(out, "changed_at", times.changed);
    out += R"("sources":[)";
    for (const Seen& one : seen) {
        if (out.back() == '}') out += ',';
        add_source(out, one);
    }
    out += "]}";
    return out;
}

std::optional<Timestamp> verified_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    return times_of(seen_of(sources, all)).verified;
}

json::Array missing_sources_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    return in_trouble(seen_of(sources, all), &Freshness::fetched_at,
                      "No run has fetched all of it yet; what else it says of this may be missing.");
}

json::Array missing_sources(std::span<const Freshness> all) {
    return in_trouble(seen_of(all), &Freshness::verified_complete_at,
                      "No run has proved yet that all of it is here; what it holds may be missing.");
}

std::string partial_text(std::span<const json::Value> missing) {
    const auto told = missing.first(std::min(missing.size(), most_missing_told));
    return json::write(json::Array(told.begin(), told.end()));
}

}  // namespace tributary::api
