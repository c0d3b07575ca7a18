#include "tests/sandbox/tdx/paging.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/tdx/error_reply.hpp"

namespace tributary::sandbox {

namespace {

struct PageQuery {
    std::size_t limit = 20;
    bool descending = false;
    /// "<microseconds>:<id>" of the item before the page; empty for the first page.
    std::string after;
    std::string self;
};

std::string position_of(const Item& item) {
    return std::to_string(item.created.time_since_epoch().count()) + ":" + item.id;
}

class CursorMint {
  public:
    CursorMint(std::uint64_t seed, std::string path) : seed_(seed), path_(std::move(path)) {}

    [[nodiscard]] std::string make(bool descending, const std::string& after) const {
        json::Array sorts;
        if (descending) {
            sorts.push_back(json::Object{{"Field", "created_at"}, {"Order", "desc"}});
        }
        json::Object cursor{
            {"Sorts", std::move(sorts)}, {"Filters", json::Array{}}, {"IsFirst", after.empty()}};
        if (!after.empty()) {
            cursor.push_back({"After", after});
            cursor.push_back({"Tag", tag(descending, after)});
        }
        return crypto::base64(json::write(cursor));
    }

    /// Fills `query` from a cursor; false where the cursor is none of ours.
    bool read(const std::string& cursor, PageQuery& query) const {
        const auto parsed = json::parse(crypto::base64_decode(cursor).value_or(""));
        const json::Object* object = parsed ? parsed->root.if_object() : nullptr;
        const json::Value* sorts = object == nullptr ? nullptr : json::find(*object, "Sorts");
        if (sorts == nullptr || sorts->if_array() == nullptr) return false;
        query.descending = !sorts->if_array()->empty();
        const json::Value* after = json::find(*object, "After");
        query.after = after != nullptr && after->if_string() != nullptr ? *after->if_string() : "";
        return make(query.descending, query.after) == cursor;
    }

  private:
    [[nodiscard]] std::string tag(bool descending, const std::string& after) const {
        const auto digest = crypto::sha256(std::to_string(seed_) + path_ + (descending ? ">" : "<") + after);
        return crypto::hex({reinterpret_cast<const char*>(digest.data()), 12});
    }

    std::uint64_t seed_;
    std::string path_;
};

std::expected<PageQuery, std::string> parse_query(const HttpRequest& request, const CursorMint& mint) {
    const auto form = Form::parse(request.query);
    if (!form) return std::unexpected("the query is malformed");
    PageQuery query;
    if (const auto limit = form->find("limit")) {
        const auto count = parse_count(*limit);
        if (!count || *count < 1 || *count > 500) return std::unexpected("limit must be between 1 and 500");
        query.limit = *count;
    }
    if (form->find("query")) return std::unexpected("unknown filter");
    const auto sort = form->find("sort");
    if (sort && *sort != "created_at-asc" && *sort != "created_at-desc")
        return std::unexpected("unknown sort field");
    query.descending = sort == "created_at-desc";
    if (const auto cursor = form->find("cursor"); cursor && !cursor->empty()) {
        const bool asked = query.descending;
        if (!mint.read(*cursor, query)) return std::unexpected("unknown cursor");
        if (sort && asked != query.descending) return std::unexpected("the cursor has another sort");
    }
    query.self = mint.make(query.descending, query.after);
    return query;
}

/// Where the page begins: behind the item the cursor names, or behind where it would stand if it is gone.
std::size_t start_of(const std::vector<const Item*>& items, const PageQuery& query) {
    if (query.after.empty()) return 0;
    const std::size_t colon = query.after.find(':');
    const std::pair mark(std::stoll(query.after.substr(0, colon)), query.after.substr(colon + 1));
    const auto behind = std::ranges::find_if(items, [&](const Item* item) {
        const std::pair key(static_cast<long long>(item->created.time_since_epoch().count()), item->id);
        return query.descending ? key < mark : key > mark;
    });
    return static_cast<std::size_t>(behind - items.begin());
}

}  // namespace

HttpReply tdx_page(const HttpRequest& request, std::uint64_t seed, std::vector<const Item*> items,
                   const Shape& shape) {
    const CursorMint mint(seed, request.path);
    const auto query = parse_query(request, mint);
    if (!query) return tdx_error(400, query.error(), "INVALID_ARGUMENTS");
    if (query->descending) {
        std::ranges::reverse(items);
    }
    const std::size_t start = start_of(items, *query);
    const std::size_t end = std::min(items.size(), start + query->limit);
    json::Array result;
    for (std::size_t i = start; i < end; ++i) {
        result.push_back(shape(*items[i]));
    }
    const auto cursor_to = [&](std::size_t first) {
        return mint.make(query->descending, first == 0 ? std::string() : position_of(*items[first - 1]));
    };
    const bool single = start == 0 && end == items.size();
    const std::size_t last = items.empty() ? 0 : (items.size() - 1) / query->limit * query->limit;
    json::Object cursors{{"self", query->self},
                         {"first", cursor_to(0)},
                         {"last", single ? "" : cursor_to(last)},
                         {"next", end < items.size() ? cursor_to(end) : ""},
                         {"previous", start == 0 ? "" : cursor_to(start - std::min(start, query->limit))}};
    return json_reply(200, json::Object{{"result", std::move(result)},
                                        {"pagination", json::Object{{"cursors", std::move(cursors)}}}});
}

}  // namespace tributary::sandbox
