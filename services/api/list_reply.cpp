#include "services/api/list_reply.hpp"

#include "domain/json/write.hpp"
#include "services/api/freshness.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

using domain::ports::HttpReply;

HttpReply list_reply(const ListPage& page, const ListQuestion& question) {
    std::string text = R"({"items":)" + page.items + R"(,"next_page_token":")" + page.next_page_token +
                       R"(","as_of":")" + domain::to_text(page.as_of) + R"(","partial":)" +
                       partial_text(page.partial);
    if (page.stale) {
        text += *page.stale ? R"(,"stale":true)" : R"(,"stale":false)";
    }
    if (page.freshness) {
        text += R"(,"freshness":)" + json::write(*page.freshness);
    }
    HttpReply reply = json_reply(text + "}");
    if (!page.next_page_token.empty()) {
        reply.fields.add("Link", "<" + question.path + "?page_size=" + std::to_string(question.page_size) +
                                     question.kept + "&page_token=" + page.next_page_token +
                                     ">; rel=\"next\"");
    }
    return reply;
}

}  // namespace tributary::api
