#include "services/api/moment_fields.hpp"

#include <algorithm>
#include <charconv>

namespace tributary::api {

using domain::Errc;
using domain::ports::Moment;
using domain::ports::ReadAt;

namespace {

std::optional<Moment> moment_named(const std::string& text) {
    std::int64_t commit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), commit);
    if (error == std::errc{} && end == text.data() + text.size() && commit >= 0) {
        return commit;
    }
    if (const auto time = domain::parse_timestamp(text)) {
        return *time;
    }
    return std::nullopt;
}

}  // namespace

std::expected<ReadAt, std::vector<domain::Error>> read_at_of(const domain::Uuid& tenant,
                                                             const http::Query& query,
                                                             const domain::ports::HttpFields& fields) {
    ReadAt at{.tenant = tenant};
    std::vector<domain::Error> faults;
    if (const std::string* text = query.find("as_of")) {
        at.moment = moment_named(*text);
        if (!at.moment) {
            faults.push_back({Errc::invalid_input,
                              "as_of must be a time as in RFC 3339, e.g. 2026-11-22T06:00:00Z (write '+' as "
                              "%2B), or the number of a commit.",
                              "/as_of"});
        }
    }
    if (const auto text = fields.find("Min-Position")) {
        at.not_before = domain::parse_position(*text);
        if (!at.not_before) {
            faults.push_back({Errc::invalid_input,
                              "Min-Position must be what an answer told as Tributary-Position.",
                              "/Min-Position"});
        }
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return at;
}

std::string as_of_text(const std::optional<Moment>& moment) {
    if (!moment) {
        return {};
    }
    if (const auto* commit = std::get_if<std::int64_t>(&*moment)) {
        return std::to_string(*commit);
    }
    const auto* time = std::get_if<domain::Timestamp>(&*moment);
    return time == nullptr ? std::string() : domain::to_text(*time);
}

void add_position(domain::ports::HttpReply& reply, const domain::ports::Commit& moment) {
    reply.fields.add("Tributary-Position", to_text(position_of(moment)));
}

}  // namespace tributary::api
