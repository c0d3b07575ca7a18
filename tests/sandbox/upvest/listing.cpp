#include "tests/sandbox/upvest/listing.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "domain/json/write.hpp"
#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/upvest/problem.hpp"

namespace tributary::sandbox {

namespace {

struct PageQuery {
    std::string sort;
    std::string order = "ASC";
    std::uint64_t offset = 0;
    std::uint64_t limit = 100;
};

std::optional<PageQuery> parse_query(const HttpRequest& request) {
    const auto form = Form::parse(request.query);
    if (!form) return std::nullopt;
    PageQuery query;
    query.sort = form->find("sort").value_or("");
    query.order = form->find("order").value_or("ASC");
    const auto offset = parse_count(form->find("offset").value_or("0"));
    const auto limit = parse_count(form->find("limit").value_or("100"));
    const bool known_sort = !form->find("sort") || query.sort == "created_at" || query.sort == "updated_at";
    const bool known_order = query.order == "ASC" || query.order == "DESC";
    if (!offset || !limit || *limit < 1 || *limit > 1000 || !known_sort || !known_order) return std::nullopt;
    query.offset = *offset;
    query.limit = *limit;
    return query;
}

}  // namespace

HttpReply upvest_page(const HttpRequest& request, const Listing& listing) {
    const auto query = parse_query(request);
    if (!query)
        return upvest_problem(request, 400, "invalid_request", "A list parameter is out of its range.");
    const auto& items = listing.sorted(query->sort == "updated_at" ? SortKey::updated : SortKey::created);
    const std::size_t start = std::min<std::size_t>(items.size(), query->offset);
    const std::size_t count = std::min<std::size_t>(items.size() - start, query->limit);
    const json::Object meta{{"offset", query->offset},
                            {"limit", query->limit},
                            {"count", count},
                            {"total_count", items.size()},
                            {"sort", query->sort.empty() ? listing.default_sort : query->sort},
                            {"order", query->order}};
    std::string body = "{\"meta\":" + json::write(meta) + ",\"data\":[";
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = query->order == "DESC" ? items.size() - 1 - start - i : start + i;
        body += i == 0 ? "" : ",";
        body += items[at]->text;
    }
    return text_reply(200, "application/json", body + "]}");
}

}  // namespace tributary::sandbox
