// The adapters against their peer, over real TCP: every connection walks every stream and sees exactly what
// the ground truth shows it. The two were written apart from each other, from the providers' documentation.

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/json/write.hpp"
#include "served.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

/// Every raw object of a stream, in the order of the pages.
struct Walked {
    std::vector<std::string> raws;
    std::optional<domain::Errc> failed;
};

Walked walk(Asking& asking, ports::ProviderSession& session, const ports::StreamFacts& stream,
            const ports::Provider& provider) {
    Walked walked;
    ports::PageRequest request;
    request.limit = stream.page_limit;
    while (true) {
        const auto page = asking.fetch(session, stream.name, request);
        if (!page) {
            walked.failed = page.error().code;
            return walked;
        }
        CHECK(page->quarantined.empty());
        tests::check_stored_again(provider, stream.name, *page, page->self);
        for (const domain::Observation& seen : page->observations)
            walked.raws.push_back(json::write(seen.raw));
        request.cursor = page->next_cursor;
        request.offset = walked.raws.size();
        const bool more =
            stream.paging == ports::Paging::offset && page->total && request.offset < *page->total;
        if (!request.cursor && (!more || page->observations.empty())) return walked;
    }
}

/// What the ground truth shows a connection in a stream; nothing where it is refused.
std::optional<std::vector<std::string>> expected(const Served& served, const json::Value& connection,
                                                 const std::string& stream) {
    const json::Value& shown =
        at(served.population, {text_at(connection, {"provider"}), text_at(connection, {"name"}), stream});
    if (shown.is_null()) return std::nullopt;
    std::vector<std::string> raws;
    if (shown.if_array() == nullptr) return std::vector{json::write(shown)};
    for (const json::Value& each : *shown.if_array())
        raws.push_back(json::write(each));
    return raws;
}

}  // namespace

TEST_CASE("every adapter sees in every stream of every connection exactly what the ground truth shows it") {
    Served served;
    Asking asking(served);
    std::size_t objects = 0;
    for (const json::Value& connection : array_at(served.connections, {"connections"})) {
        const auto session = asking.open(connection);
        const auto provider = provider_named(text_at(connection, {"provider"}));
        for (const ports::StreamFacts& stream : session->streams()) {
            CAPTURE(text_at(connection, {"name"}));
            CAPTURE(stream.name);
            const Walked walked = walk(asking, *session, stream, *provider);
            const auto truth = expected(served, connection, stream.name);
            if (!truth) {
                CHECK(walked.failed == domain::Errc::permission_denied);
                continue;
            }
            CHECK(!walked.failed.has_value());
            CHECK(walked.raws == *truth);
            objects += walked.raws.size();
        }
    }
    CHECK(objects > 7000);
}
