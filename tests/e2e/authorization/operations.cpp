#include "tests/e2e/authorization/operations.hpp"

#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

Operation operation_of(const std::string& path, const json::Entry& method) {
    Operation operation;
    operation.id = text(method.value, "operationId");
    operation.path = path;
    for (const char c : method.key) {
        operation.method.push_back(static_cast<char>(c - 'a' + 'A'));
    }
    for (const json::Value& way : array(method.value, "security")) {
        for (const json::Value& scope : array(way, "bearer")) {
            operation.scopes.push_back(*scope.if_string());
        }
    }
    for (const json::Entry& response : object(method.value, "responses")) {
        if (response.key != "default") {
            operation.statuses.push_back(std::stoi(response.key));
        }
    }
    return operation;
}

}  // namespace

json::Value openapi_document(Api& api) {
    return tree_of(api.ask("GET", "/openapi.json").body);
}

std::vector<Operation> operations_of(const json::Value& document) {
    std::vector<Operation> operations;
    for (const json::Entry& path : object(document, "paths")) {
        // What has servers of its own is on the admin listener.
        if (path.value.find("servers") != nullptr) {
            continue;
        }
        for (const json::Entry& member : *path.value.if_object()) {
            if (member.value.find("operationId") != nullptr) {
                operations.push_back(operation_of(path.key, member));
            }
        }
    }
    return operations;
}

}  // namespace tributary::e2e
