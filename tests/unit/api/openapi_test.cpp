// The router and openapi/openapi.json against each other, in both directions.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "domain/json/parse.hpp"
#include "services/api/router.hpp"
#include "services/pages/assets.hpp"

using namespace tributary;

namespace {

struct Operation {
    /// Scopes that a key needs, separated by a space; empty where no key is asked for.
    std::string scopes;
    std::set<std::string> query;
};

/// By method and path, the names of placeholders left out: "GET /v1/accounts/{}".
using Operations = std::map<std::string, Operation>;

std::string key_of(std::string_view method, std::string_view path) {
    std::string key;
    std::ranges::transform(method, std::back_inserter(key),
                           [](char c) { return static_cast<char>(std::toupper(c)); });
    key += ' ';
    bool named = false;
    for (const char c : path) {
        named = named && c != '}';
        if (!named) {
            key += c;
        }
        named = named || c == '{';
    }
    return key;
}

const json::Value& member(const json::Value& tree, std::string_view name) {
    static const json::Value none;
    const json::Value* value = tree.find(name);
    return value == nullptr ? none : *value;
}

const json::Array& items(const json::Value& tree, std::string_view name) {
    static const json::Array none;
    const json::Array* array = member(tree, name).if_array();
    return array == nullptr ? none : *array;
}

std::string text(const json::Value& tree, std::string_view name) {
    const std::string* value = member(tree, name).if_string();
    return value == nullptr ? std::string() : *value;
}

const json::Value& document() {
    static const json::Value tree = [] {
        const pages::Asset* file = pages::find_asset("openapi.json");
        REQUIRE(file != nullptr);
        auto parsed = json::parse(file->bytes);
        REQUIRE(parsed);
        CHECK(parsed->duplicate_keys.empty());
        return std::move(parsed->root);
    }();
    return tree;
}

/// A parameter that may stand among the components.
const json::Value* resolved(const json::Value* parameter) {
    const std::string ref = text(*parameter, "$ref");
    return ref.empty() ? parameter
                       : &member(member(member(document(), "components"), "parameters"),
                                 ref.substr(ref.rfind('/') + 1));
}

void add_query(std::set<std::string>& query, const json::Value& holder) {
    for (const json::Value& parameter : items(holder, "parameters")) {
        const json::Value& found = *resolved(&parameter);
        if (text(found, "in") == "query") {
            query.insert(text(found, "name"));
        }
    }
}

Operation described(const json::Value& path_item, const json::Value& operation) {
    Operation found;
    for (const json::Value& alternative : items(operation, "security")) {
        for (const json::Value& scope : items(alternative, "bearer")) {
            found.scopes += (found.scopes.empty() ? "" : " ") + *scope.if_string();
        }
    }
    add_query(found.query, path_item);
    add_query(found.query, operation);
    return found;
}

/// Of the API's own listener: what another one serves has servers of its own.
Operations in_document() {
    Operations all;
    for (const json::Entry& path : *member(document(), "paths").if_object()) {
        if (path.value.find("servers") != nullptr) {
            continue;
        }
        for (const json::Entry& operation : *path.value.if_object()) {
            if (operation.key != "parameters") {
                all[key_of(operation.key, path.key)] = described(path.value, operation.value);
            }
        }
    }
    return all;
}

Operations in_router() {
    Operations all;
    for (const api::Route& route : api::routes()) {
        all[key_of(route.method, api::template_of(route))] = {
            std::string(route.scope), {route.parameters.begin(), route.parameters.end()}};
    }
    return all;
}

}  // namespace

TEST_CASE("every route of the service is an operation of the OpenAPI document") {
    const Operations written = in_document();
    for (const auto& [key, operation] : in_router()) {
        CHECK_MESSAGE(written.contains(key), key);
    }
}

TEST_CASE("every operation of the OpenAPI document is a route of the service") {
    const Operations routed = in_router();
    for (const auto& [key, operation] : in_document()) {
        CHECK_MESSAGE(routed.contains(key), key);
    }
}

TEST_CASE("the document and the router agree on the scope of every operation") {
    const Operations written = in_document();
    for (const auto& [key, operation] : in_router()) {
        CAPTURE(key);
        CHECK(written.at(key).scopes == operation.scopes);
    }
}

TEST_CASE("the document and the router agree on the query parameters of every operation") {
    const Operations written = in_document();
    for (const auto& [key, operation] : in_router()) {
        CAPTURE(key);
        CHECK(written.at(key).query == operation.query);
    }
}

TEST_CASE("no two operations of the document have the same id") {
    std::set<std::string> ids;
    for (const json::Entry& path : *member(document(), "paths").if_object()) {
        for (const json::Entry& operation : *path.value.if_object()) {
            if (operation.value.find("operationId") != nullptr) {
                CHECK(ids.insert(text(operation.value, "operationId")).second);
            }
        }
    }
    CHECK(ids.size() > 50);
}
