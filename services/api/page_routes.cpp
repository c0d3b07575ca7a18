#include "services/api/page_routes.hpp"

#include <map>
#include <string>

#include "domain/content_hash.hpp"
#include "domain/http/grammar.hpp"
#include "services/api/problem_pages.hpp"
#include "services/pages/assets.hpp"

namespace tributary::api {

using domain::ports::HttpReply;
using domain::ports::HttpRequest;

namespace {

/// Nothing comes from elsewhere, no script stands in a page, and no other site can frame one. Pictures may be
/// inline because swagger-ui's style has its arrows so.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Page {
    std::string_view content_type;
    std::string_view bytes;
    std::string etag;
};

Page page_of(std::string_view content_type, std::string_view bytes) {
    return {content_type, bytes, "\"" + domain::content_hash(bytes).substr(0, 32) + "\""};
}

/// Assets by name. Hashed once; the bytes are in the program.
const Page* asset_page(std::string_view name) {
    static const auto pages = [] {
        std::map<std::string_view, Page> made;
        for (const pages::Asset& asset : pages::assets()) {
            made.emplace(asset.name, page_of(asset.content_type, asset.bytes));
        }
        return made;
    }();
    const auto found = pages.find(name);
    return found == pages.end() ? nullptr : &found->second;
}

/// By code; "" is the page of all problems.
const Page* page_about(std::string_view code) {
    static const auto texts = [] {
        std::map<std::string_view, std::string> made{{"", problems_page()}};
        for (const ProblemKind& problem : problem_catalogue()) {
            made.emplace(problem.code, problem_page(problem));
        }
        return made;
    }();
    static const auto pages = [] {
        std::map<std::string_view, Page> made;
        for (const auto& [name, text] : texts) {
            made.emplace(name, page_of("text/html; charset=utf-8", text));
        }
        return made;
    }();
    const auto found = pages.find(code);
    return found == pages.end() ? nullptr : &found->second;
}

const Page* find_page(const RequestContext& context) {
    switch (context.endpoint) {
        case Endpoint::openapi_document:
            return asset_page("openapi.json");
        case Endpoint::docs:
            return asset_page("index.html");
        case Endpoint::docs_file:
            // What has an address of its own is not served under a second one, where its links would lead
            // nowhere.
            return context.id == "index.html" || context.id == "openapi.json" ? nullptr
                                                                              : asset_page(context.id);
        case Endpoint::problems:
            return page_about("");
        default:
            return context.id.empty() ? nullptr : page_about(context.id);
    }
}

bool has_already(const HttpRequest& head, const Page& page) {
    const auto known = head.fields.find("If-None-Match");
    return known &&
           (*known == "*" || http::list_has(*known, page.etag) || http::list_has(*known, "W/" + page.etag));
}

}  // namespace

bool is_page(Endpoint endpoint) {
    using enum Endpoint;
    return endpoint == openapi_document || endpoint == docs || endpoint == docs_file ||
           endpoint == problems || endpoint == problem_page;
}

HttpReply page_reply(const RequestContext& context, const HttpRequest& head) {
    const Page* page = find_page(context);
    if (page == nullptr) {
        return problem(404, "not_found", "There is no such page.");
    }
    HttpReply reply;
    reply.fields.add("ETag", page->etag);
    reply.fields.add("Cache-Control", "public, max-age=300");
    if (has_already(head, *page)) {
        reply.status = 304;
        return reply;
    }
    reply.fields.add("Content-Type", std::string(page->content_type));
    if (page->content_type.starts_with("text/html")) {
        reply.fields.add("Content-Security-Policy", std::string(page_policy));
    }
    reply.body = page->bytes;
    return reply;
}

}  // namespace tributary::api
