#include "services/api/batch_routes.hpp"

#include "services/api/batch_request.hpp"
#include "services/api/document_text.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::ports::HttpReply;
using domain::ports::StoredDocument;
using domain::ports::Task;

Task<HttpReply> BatchRoutes::get(RequestContext context, EntityKind kind) {
    const auto ids = read_batch_request(context.body);
    if (!ids) {
        co_return invalid_request(ids.error());
    }
    const auto read = co_await store_.batch(context.at, kind, *ids);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    std::vector<StoredDocument> documents;
    std::vector<domain::Error> missing;
    for (std::size_t i = 0; i < read->documents.size(); ++i) {
        if (read->documents[i]) {
            documents.push_back(*read->documents[i]);
        } else {
            missing.push_back(
                {domain::Errc::not_found, "There is no such object.", "/ids/" + std::to_string(i)});
        }
    }
    if (!missing.empty()) {
        co_return problem(404, "not_found", "Some of these objects do not exist; none is sent.", missing,
                          missing.size());
    }
    std::vector<domain::ports::Freshness> fresh;
    if (!context.at.moment) {
        auto known = co_await store_.freshness(context.principal.tenant);
        if (!known) {
            co_return problem_of(context.log, known.error());
        }
        fresh = *std::move(known);
    }
    HttpReply reply = json_reply(
        batch_text(documents, read->moment,
                   {fresh, variant_of(context.principal), std::nullopt, context.at.moment.has_value()}));
    add_position(reply, read->moment);
    co_return reply;
}

}  // namespace tributary::api
