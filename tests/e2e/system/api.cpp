#include "tests/e2e/system/api.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/e2e/system/recorder.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

/// Method and target of bytes that begin as a request does; both empty of others.
std::pair<std::string_view, std::string_view> request_line(std::string_view bytes) {
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || !line.substr(last).starts_with(" HTTP/1.")) {
        return {};
    }
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const bool is_method = std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; });
    const bool is_path =
        target.starts_with('/') && std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
    return is_method && is_path ? std::pair(method, target) : std::pair<std::string_view, std::string_view>();
}

}  // namespace

std::string Answer::field(std::string_view name) const {
    return tests::HttpResponse{status, fields, {}}.field(name).value_or("");
}

std::string Answer::code() const {
    return text(json, "code");
}

std::string Answer::pointer() const {
    const json::Array& faults = array(json, "errors");
    return faults.empty() ? std::string() : text(faults.front(), "pointer");
}

std::string Answer::unnamed_body() const {
    json::Object members = *json.if_object();
    std::erase_if(
        members, [](const json::Entry& entry) { return entry.key == "instance" || entry.key == "trace_id"; });
    return json::write(members);
}

void Secrets::add(std::string text) {
    if (!text.empty()) texts_.push_back(std::move(text));
}

bool Secrets::occur_in(std::string_view text) const {
    // libc's search: the one of std::string_view takes minutes in a build without optimisation.
    return std::ranges::any_of(texts_, [&](const std::string& secret) {
        return memmem(text.data(), text.size(), secret.data(), secret.size()) != nullptr;
    });
}

Api::Api(std::uint16_t port, std::string key, const Secrets& secrets)
    : http_(port), key_(std::move(key)), secrets_(secrets) {}

std::pair<std::string, std::string> Api::credentials() const {
    return {"Authorization", "Bearer " + key_};
}

Answer Api::exchange(std::string_view method, std::string_view target, const tests::HttpFields& fields,
                     std::string_view body) {
    return checked(method, target, fields, http_.ask(method, target, fields, body));
}

Answer Api::checked(std::string_view method, std::string_view target, const tests::HttpFields& fields,
                    tests::HttpResponse response) {
    CHECK_FALSE_MESSAGE(secrets_.occur_in(response.body), "an answer holds a credential");
    record({method, target, fields, response});
    Answer answer{response.status, std::move(response.fields), std::move(response.body), {}};
    if (auto parsed = json::parse(answer.body, 8'000'000)) {
        answer.json = std::move(parsed->root);
    }
    return answer;
}

Answer Api::get(std::string_view target) {
    return exchange("GET", target, {credentials()});
}

Answer Api::post(std::string_view target, const json::Value& body) {
    return exchange("POST", target, {credentials(), {"Content-Type", "application/json"}}, json::write(body));
}

Answer Api::post(std::string_view target) {
    return exchange("POST", target, {credentials()});
}

Answer Api::patch(std::string_view target, const json::Value& body) {
    return exchange("PATCH", target, {credentials(), {"Content-Type", "application/json"}},
                    json::write(body));
}

Answer Api::remove(std::string_view target) {
    return exchange("DELETE", target, {credentials()});
}

Answer Api::ask(std::string_view method, std::string_view target, const tests::HttpFields& fields,
                std::string_view body) {
    return exchange(method, target, fields, body);
}

Answer Api::ask_raw(std::string_view bytes) {
    const auto [method, target] = request_line(bytes);
    return checked(method, target, {}, http_.send_raw(bytes));
}

std::vector<json::Value> Api::list(const std::string& path, std::size_t page_size, bool include_deleted) {
    std::vector<json::Value> items;
    std::string token;
    do {
        const Answer page = get(path + "?page_size=" + std::to_string(page_size) +
                                (include_deleted ? "&include_deleted=true" : "") +
                                (token.empty() ? "" : "&page_token=" + token));
        REQUIRE_MESSAGE(page.status == 200, path << " answered " << page.status << " " << page.body);
        const json::Array& found = array(page.json, "items");
        CHECK(found.size() <= page_size);
        items.insert(items.end(), found.begin(), found.end());
        token = text(page.json, "next_page_token");
    } while (!token.empty());
    return items;
}

}  // namespace tributary::e2e
