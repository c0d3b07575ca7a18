#include "services/api/list_reply.hpp"

#include <utility>

#include "services/api/freshness.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

using domain::ports::HttpReply;

HttpReply list_reply(ListPage page, const ListQuestion& question) {
    std::string text = std::move(page.items);
    text.insert(0, R"({"items":)");
    text.append(R"(,"next_page_token":")").append(page.next_page_token);
    text.append(R"(","as_of":")").append(domain::to_text(page.as_of)).append(R"(","partial":)");
    text.append(partial_text(page.partial));
    if (page.stale) {
        text += *page.stale ? R"(,"stale":true)" : R"(,"stale":false)";
    }
    if (page.freshness) {
        text.append(R"(,"freshness":)").append(*page.freshness);
    }
    text += '}';
    HttpReply reply = json_reply(std::move(text));
    if (!page.next_page_token.empty()) {
        reply.fields.add("Link", "<" + question.path + "?page_size=" + std::to_string(question.page_size) +
                                     question.kept + "&page_token=" + page.next_page_token +
                                     ">; rel=\"next\"");
    }
    return reply;
}

}  // namespace tributary::api
