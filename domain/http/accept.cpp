#include "domain/http/accept.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "domain/http/grammar.hpp"

namespace tributary::http {

namespace {

struct Range {
    std::string_view type;
    std::string_view subtype;
    int thousandths = 1000;
};

/// The text up to the next `separator` outside quotes; takes both away from `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
        if (rest[end] == '"') {
            quoted = !quoted;
        } else if (quoted && rest[end] == '\\') {
            ++end;
        }
    }
    end = std::min(end, rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trimmed(part);
}

/// "0" to "1" with at most three decimals, in thousandths.
std::optional<int> read_weight(std::string_view text) {
    const bool shaped = !text.empty() && text.size() <= 5 && (text[0] == '0' || text[0] == '1') &&
                        (text.size() == 1 || text[1] == '.');
    if (!shaped) {
        return std::nullopt;
    }
    int weight = (text[0] - '0') * 1000;
    int place = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

std::optional<Range> read_range(std::string_view text) {
    const auto name = take_part(text, ';');
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    Range range{name.substr(0, slash), name.substr(slash + 1)};
    if (!is_token(range.type) || !is_token(range.subtype) || (range.type == "*" && range.subtype != "*")) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const auto parameter = take_part(text, ';');
        const auto equals = parameter.find('=');
        if (!same_name(parameter.substr(0, equals), "q")) {
            continue;
        }
        const auto weight =
            equals == std::string_view::npos ? std::nullopt : read_weight(parameter.substr(equals + 1));
        if (!weight) {
            return std::nullopt;
        }
        range.thousandths = *weight;
        break;
    }
    return range;
}

/// 3: the type itself, 2: its family, 1: anything, 0: does not fit.
int fit(const Range& range, std::string_view type, std::string_view subtype) {
    if (range.type == "*") {
        return 1;
    }
    if (!same_name(range.type, type)) {
        return 0;
    }
    return range.subtype == "*" ? 2 : same_name(range.subtype, subtype) ? 3 : 0;
}

bool takes(const std::vector<Range>& ranges, std::string_view media_type) {
    const auto slash = media_type.find('/');
    int best_fit = 0;
    int weight = 0;
    for (const Range& range : ranges) {
        const int fits = fit(range, media_type.substr(0, slash), media_type.substr(slash + 1));
        if (fits > best_fit) {
            best_fit = fits;
            weight = range.thousandths;
        } else if (fits != 0 && fits == best_fit) {
            weight = std::max(weight, range.thousandths);
        }
    }
    return weight > 0;
}

}  // namespace

bool accepts(std::string_view accept, std::initializer_list<std::string_view> media_types) {
    std::vector<Range> ranges;
    while (!accept.empty()) {
        if (const auto range = read_range(take_part(accept, ','))) {
            ranges.push_back(*range);
        }
    }
    return ranges.empty() ||
           std::ranges::any_of(media_types, [&](std::string_view type) { return takes(ranges, type); });
}

}  // namespace tributary::http
