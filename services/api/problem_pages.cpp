#include "services/api/problem_pages.hpp"

#include <string_view>

namespace tributary::api {

namespace {

/// For text of ours between tags.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// `root` leads from the page to the service's own root, so that the pages also work behind a prefix.
std::string page(std::string_view title, std::string_view root, const std::string& content) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           escaped(title) + "</title>\n<link rel=\"stylesheet\" href=\"" + std::string(root) +
           "docs/docs.css\">\n<link rel=\"icon\" href=\"" + std::string(root) +
           "docs/favicon-32x32.png\">\n</head>\n<body class=\"page\">\n" + content + "</body>\n</html>\n";
}

}  // namespace

std::string problems_page() {
    std::string content =
        "<h1>Problems</h1>\n<p>Every error of the API is <code>application/problem+json</code> with one of "
        "these "
        "codes. The <a href=\"docs\">documentation</a> says which operation answers with which.</p>\n"
        "<table>\n<tr><th>code</th><th>status</th><th>what happened</th><th>what to do</th></tr>\n";
    for (const ProblemKind& problem : problem_catalogue()) {
        const std::string code = escaped(problem.code);
        content += "<tr><td><a href=\"problems/" + code + "\"><code>" + code + "</code></a></td><td>" +
                   std::to_string(problem.status) + "</td><td>" + escaped(problem.what_happened) +
                   "</td><td>" + escaped(problem.what_to_do) + "</td></tr>\n";
    }
    return page("Problems", "", content + "</table>\n");
}

std::string problem_page(const ProblemKind& problem) {
    return page(problem.code, "../",
                "<h1><code>" + escaped(problem.code) + "</code></h1>\n<dl>\n<dt>Title</dt><dd>" +
                    escaped(problem.title) + "</dd>\n<dt>Status</dt><dd>" + std::to_string(problem.status) +
                    "</dd>\n<dt>What happened</dt><dd>" + escaped(problem.what_happened) +
                    "</dd>\n<dt>What to do</dt><dd>" + escaped(problem.what_to_do) +
                    "</dd>\n</dl>\n<p><a href=\"../problems\">All problems</a>, <a href=\"../docs\">the "
                    "API</a></p>\n");
}

}  // namespace tributary::api
