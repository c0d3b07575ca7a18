#include "services/api/freshness.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

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

}  // namespace

json::Object freshness_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::optional<std::optional<Timestamp>> fetched;
    std::optional<std::optional<Timestamp>> verified;
    std::optional<Timestamp> changed;
    json::Array list;
    for (const StreamRef& source : sources) {
        const auto found = std::ranges::find(all, source, &Freshness::source);
        if (found == all.end()) {
            continue;
        }
        keep_older(fetched, found->fetched_at);
        keep_older(verified, found->verified_complete_at);
        changed = std::max(changed, found->changed_at);
        list.emplace_back(source_object(*found));
    }
    json::Object out;
    put_time(out, "fetched_at", fetched.value_or(std::nullopt));
    put_time(out, "verified_complete_at", verified.value_or(std::nullopt));
    put_time(out, "changed_at", changed);
    out.push_back({"sources", std::move(list)});
    return out;
}

json::Array missing_sources_of(std::span<const StreamRef> sources, std::span<const Freshness> all) {
    std::vector<Freshness> own;
    std::ranges::copy_if(all, std::back_inserter(own), [&](const Freshness& source) {
        return std::ranges::find(sources, source.source) != sources.end();
    });
    return missing_sources(own);
}

json::Array missing_sources(std::span<const Freshness> all) {
    std::set<domain::Uuid> told;
    json::Array out;
    for (const Freshness& source : all) {
        const bool works = source.status == "active" || source.status == "pending" || source.status == "held";
        if (works || !told.insert(source.source.connection_id).second) {
            continue;
        }
        json::Object entry{{"connection_id", to_text(source.source.connection_id)},
                           {"provider", source.provider},
                           {"code", source.status},
                           {"reason", source.reason}};
        if (!source.next_step.empty()) {
            entry.push_back({"next_step", source.next_step});
        }
        put_time(entry, "fetched_at", source.fetched_at);
        out.emplace_back(std::move(entry));
    }
    return out;
}

}  // namespace tributary::api
