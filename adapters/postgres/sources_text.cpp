#include "adapters/postgres/sources_text.hpp"

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::ports::StreamRef;

std::string sources_to_text(std::span<const StreamRef> sources) {
    std::string text;
    for (const StreamRef& source : sources) {
        if (source.stream.find('\n') != std::string::npos) {
            refuse(domain::Errc::contract, "a stream's name holds a line break");
        }
        if (!text.empty()) text += '\n';
        text.append(to_text(source.connection_id)).append(" ").append(source.stream);
    }
    return text;
}

std::vector<StreamRef> sources_from_text(std::string_view text) {
    constexpr std::size_t uuid_length = 36;
    std::vector<StreamRef> sources;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.size() <= uuid_length) continue;
        if (const auto connection = domain::parse_uuid(line.substr(0, uuid_length))) {
            sources.push_back({*connection, std::string(line.substr(uuid_length + 1))});
        }
    }
    return sources;
}

}  // namespace tributary::postgres
