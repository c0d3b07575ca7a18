// Lists of rows of our own (connections, runs, drift ...). They are shown as they are now: unlike documents
// they have no past, so a page token holds no moment, and no provider's trouble hides any of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/json/write.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/page_token.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// What must not change while somebody walks one of these lists: tenant, list, filters.
std::string question_of(const RequestContext& context, std::string_view list, std::string_view filters);
/// The last item of the page before; nothing on the first one.
domain::Result<std::optional<domain::Uuid>> last_seen(const RequestContext& context,
                                                      const domain::ports::Sealer& sealer,
                                                      std::string_view question);

/// `found` was asked for one item beyond the page, which shows whether there are more.
template <class View, class ToObject>
domain::ports::HttpReply page_of(std::vector<View> found, const ListQuestion& asked, domain::Timestamp now,
                                 const domain::ports::Sealer& sealer, std::string_view question,
                                 ToObject to_object) {
    const bool more = found.size() > asked.page_size;
    if (more) {
        found.resize(asked.page_size);
    }
    json::Array items;
    for (const View& view : found) {
        items.emplace_back(to_object(view));
    }
    return list_reply(
        {json::write(items), more ? make_page_token(sealer, question, {{}, 0, found.back().id}) : "", now},
        asked);
}

}  // namespace tributary::api
