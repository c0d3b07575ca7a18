#include "services/api/merged_reply.hpp"

#include "services/api/problem.hpp"

namespace tributary::api {

domain::ports::HttpReply merged_reply(const RequestContext& context, const domain::Uuid& target,
                                      const domain::ports::Commit& moment) {
    // By its place: the segment may be the id percent-encoded, or a word that stands for it.
    const std::string customers = "/v1/customers/";
    const std::size_t tail = context.path.find('/', customers.size());
    std::string location = customers + to_text(target);
    if (tail != std::string::npos) {
        location += context.path.substr(tail);
    }
    if (!context.raw_query.empty()) {
        location += "?" + context.raw_query;
    }
    auto reply = problem(308, "merged", "This customer was merged into another one; see Location.");
    reply.fields.add("Location", location);
    add_position(reply, moment);
    return reply;
}

}  // namespace tributary::api
