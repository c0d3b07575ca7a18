#include "services/admin/proposal_text.hpp"

#include <utility>

namespace tributary::admin {

namespace {

json::Object stream_object(const domain::ports::ProposedStream& stream) {
    json::Object out{{"stream", stream.stream},
                     {"state", stream.state},
                     {"live", stream.live},
                     {"candidates", stream.candidates},
                     {"created_at", domain::to_text(stream.created_at)}};
    if (stream.decided_by) {
        out.push_back({"decided_by", *stream.decided_by});
    }
    if (stream.decided_at) {
        out.push_back({"decided_at", domain::to_text(*stream.decided_at)});
    }
    json::Array objects;
    for (const domain::ports::ProposedKey& key : stream.keys) {
        json::Object object{{"provider_id", key.provider_id}};
        if (key.entity_id) {
            object.push_back({"id", to_text(*key.entity_id)});
        }
        objects.emplace_back(std::move(object));
    }
    out.push_back({"objects", std::move(objects)});
    return out;
}

}  // namespace

json::Object proposal_object(const domain::ports::ProposalView& proposal) {
    json::Array streams;
    for (const domain::ports::ProposedStream& stream : proposal.streams) {
        streams.emplace_back(stream_object(stream));
    }
    return {{"run_id", to_text(proposal.run_id)},
            {"connection_id", to_text(proposal.connection_id)},
            {"streams", std::move(streams)}};
}

}  // namespace tributary::admin
