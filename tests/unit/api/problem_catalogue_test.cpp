#include "services/api/problem_catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "domain/json/parse.hpp"
#include "services/api/page_routes.hpp"
#include "services/api/problem.hpp"
#include "services/pages/assets.hpp"

using namespace tributary;
using api::ProblemKind;

namespace {

/// Codes that the sources answer with, and their status: `400, "bad_header"` wherever it stands.
std::map<std::string, int> codes_in_sources() {
    static const std::regex pattern(R"re(\b([345]\d\d),\s*"([a-z_]+)")re");
    std::map<std::string, int> codes;
    for (const char* folder : {"services/api", "adapters/http/server"}) {
        for (const auto& file :
             std::filesystem::directory_iterator(std::string(TRIBUTARY_SOURCES) + "/" + folder)) {
            const std::string name = file.path().filename();
            if (!name.ends_with(".cpp") || name == "problem_catalogue.cpp") {
                continue;
            }
            std::stringstream content;
            content << std::ifstream(file.path()).rdbuf();
            const std::string text = content.str();
            for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern);
                 at != std::sregex_iterator(); ++at) {
                codes[(*at)[2]] = std::stoi((*at)[1]);
            }
        }
    }
    return codes;
}

std::set<std::string> codes_in_document() {
    const auto parsed = json::parse(pages::find_asset("openapi.json")->bytes);
    REQUIRE(parsed);
    const json::Value* at = &parsed->root;
    for (const char* step : {"components", "schemas", "Problem", "properties", "code", "enum"}) {
        at = at->find(step);
        REQUIRE(at != nullptr);
    }
    std::set<std::string> codes;
    for (const json::Value& code : *at->if_array()) {
        codes.insert(*code.if_string());
    }
    return codes;
}

/// The rows of the description's table of errors, without the marks of what is code.
std::vector<std::string> rows_in_document() {
    const auto parsed = json::parse(pages::find_asset("openapi.json")->bytes);
    REQUIRE(parsed);
    const json::Value* info = parsed->root.find("info");
    REQUIRE(info != nullptr);
    std::istringstream description(*info->find("description")->if_string());
    std::vector<std::string> rows;
    for (std::string line; std::getline(description, line);) {
        std::erase(line, '`');
        if (line.starts_with("| [") && line.contains("](/problems/")) {
            rows.push_back(line);
        }
    }
    return rows;
}

domain::ports::HttpReply asked(api::Endpoint endpoint, std::string id, std::string if_none_match = {}) {
    api::RequestContext context;
    context.endpoint = endpoint;
    context.id = std::move(id);
    domain::ports::HttpRequest head;
    if (!if_none_match.empty()) {
        head.fields.add("If-None-Match", std::move(if_none_match));
    }
    return api::page_reply(context, head);
}

}  // namespace

TEST_CASE("every code that the sources answer with is in the catalogue with its status") {
    const auto used = codes_in_sources();
    CHECK(used.size() > 30);
    for (const auto& [code, status] : used) {
        CAPTURE(code);
        const ProblemKind* known = api::find_problem(code);
        CHECK(known != nullptr);
        CHECK((known == nullptr || known->status == status));
    }
}

TEST_CASE("the catalogue and the OpenAPI document have the same codes") {
    std::set<std::string> codes;
    for (const ProblemKind& problem : api::problem_catalogue()) {
        CHECK_MESSAGE(codes.insert(std::string(problem.code)).second, problem.code);
        CHECK_FALSE(problem.title.empty());
        CHECK(problem.what_happened.ends_with('.'));
        CHECK(problem.what_to_do.ends_with('.'));
    }
    CHECK(codes == codes_in_document());
}

TEST_CASE("the table of errors in the OpenAPI document has the rows of the catalogue, word for word") {
    std::vector<std::string> rows;
    for (const ProblemKind& problem : api::problem_catalogue()) {
        const std::string code(problem.code);
        rows.push_back("| [" + code + "](/problems/" + code + ") | " + std::to_string(problem.status) +
                       " | " + std::string(problem.what_happened) + " | " + std::string(problem.what_to_do) +
                       " |");
    }
    CHECK(rows_in_document() == rows);
}

TEST_CASE("a problem of each code has the title of the catalogue and a page of its own") {
    for (const ProblemKind& problem : api::problem_catalogue()) {
        CAPTURE(problem.code);
        const auto parsed = json::parse(api::problem(problem.status, problem.code, "Something.").body);
        REQUIRE(parsed);
        CHECK(*parsed->root.find("title")->if_string() == problem.title);
        const auto page = asked(api::Endpoint::problem_page, std::string(problem.code));
        CHECK(page.status == 200);
        CHECK(page.body.contains(problem.title));
    }
    CHECK(asked(api::Endpoint::problem_page, "no_such_code").status == 404);
    CHECK(asked(api::Endpoint::problem_page, "").status == 404);
}

TEST_CASE("the documentation is served as it stands, with a policy that lets nothing in from elsewhere") {
    const auto document = asked(api::Endpoint::openapi_document, "");
    CHECK(document.body == pages::find_asset("openapi.json")->bytes);
    CHECK(document.fields.find("Content-Type") == "application/json");
    const auto page = asked(api::Endpoint::docs, "");
    const std::string policy(page.fields.find("Content-Security-Policy").value_or(""));
    CHECK(policy.starts_with("default-src 'none'; "));
    CHECK_FALSE(policy.contains("unsafe"));
    CHECK_FALSE(policy.contains("http"));
    for (const pages::Asset& asset : pages::assets()) {
        CAPTURE(asset.name);
        const bool elsewhere = asset.name == "openapi.json" || asset.name == "index.html";
        CHECK(asked(api::Endpoint::docs_file, std::string(asset.name)).status == (elsewhere ? 404 : 200));
    }
    CHECK(asked(api::Endpoint::docs_file, "../page_routes.cpp").status == 404);
}

TEST_CASE("every script, style and picture that the page names is served") {
    const auto page = asked(api::Endpoint::docs, "");
    static const std::regex named(R"re((?:src|href)="docs/([^"]+)")re");
    int count = 0;
    for (auto at = std::sregex_iterator(page.body.begin(), page.body.end(), named);
         at != std::sregex_iterator(); ++at, ++count) {
        CAPTURE((*at)[1].str());
        CHECK(asked(api::Endpoint::docs_file, (*at)[1]).status == 200);
    }
    CHECK(count == 5);
}

TEST_CASE("who has a page already is told so without its body") {
    const auto first = asked(api::Endpoint::openapi_document, "");
    const std::string etag(first.fields.find("ETag").value_or(""));
    for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
        CAPTURE(known);
        const auto again = asked(api::Endpoint::openapi_document, "", known);
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(again.fields.find("ETag") == etag);
        CHECK(again.fields.find("Cache-Control") == "public, max-age=300");
    }
    CHECK(asked(api::Endpoint::openapi_document, "", "\"other\"").status == 200);
}
