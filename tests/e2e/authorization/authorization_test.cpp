// The document says who may what; the service is asked.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "domain/json/write.hpp"
#include "tests/e2e/authorization/operations.hpp"
#include "tests/e2e/authorization/rows.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

enum class Target { own, foreign, nonexistent, malformed };

constexpr std::array targets{Target::own, Target::foreign, Target::nonexistent, Target::malformed};

AuthorizationWorld& world() {
    static AuthorizationWorld one;
    return one;
}

std::string replaced(std::string text, std::string_view place, std::string_view with) {
    if (const std::size_t at = text.find(place); at != std::string::npos) {
        text.replace(at, place.size(), with);
    }
    return text;
}

std::string other_tenant(const std::string& tenant) {
    return tenant == "neighbour" ? "main" : "neighbour";
}

/// What stands in the place of the id. Who is nobody asks about what is somebody's.
std::string id_for(const Row& row, const Who& who, Target target) {
    const std::string tenant = who.tenant.empty() ? "main" : who.tenant;
    if (row.subject == Subject::nothing || row.subject == Subject::page) return "";
    switch (target) {
        case Target::own:
            return world().id_of(row.subject, tenant);
        case Target::foreign:
            // A provider is nobody's.
            return row.subject == Subject::provider ? "nobodys-bank"
                                                    : world().id_of(row.subject, other_tenant(tenant));
        case Target::nonexistent:
            return row.subject == Subject::provider ? "no-bank" : "0190d0c0-0000-7000-8000-00000000dead";
        case Target::malformed:
            return "not-an-id";
    }
    return "";
}

bool may_change(const Who& who) {
    return std::ranges::find(who.scopes, "actions") != who.scopes.end();
}

/// What stands under the object of the path: something that it has where it is own.
std::string number_for(const Operation& operation, const Row& row, const Who& who) {
    const std::string tenant = who.tenant.empty() ? "main" : who.tenant;
    switch (row.subject) {
        case Subject::holder_of_account:
        case Subject::holder_of_sub_account:
        case Subject::holder_of_account_group:
            return world().held(row.subject, tenant).object;
        case Subject::own_profile:
            return operation.id == "deleteAttribute" && may_change(who) ? world().attribute_of(tenant) : "7";
        default:
            return "";
    }
}

/// Every change is a new one.
std::string new_idempotency_key() {
    static int count = 0;
    return "authorization-" + std::to_string(++count);
}

Answer ask(const Operation& operation, const Row& row, const Who& who, const std::string& id) {
    static Api api(world().port(), "", world().system().secrets());
    std::string target = replaced(operation.path, "{id}", id);
    target = replaced(target, "{provider}", row.subject == Subject::provider ? id : "upvest");
    target = replaced(target, "{number}", number_for(operation, row, who));
    target = replaced(target, "{file}", row.file);
    target = replaced(target, "{code}", row.file);
    tests::HttpFields fields;
    if (!who.authorization.empty()) fields.emplace_back("Authorization", who.authorization);
    if (std::ranges::find(operation.scopes, "actions") != operation.scopes.end()) {
        fields.emplace_back("Idempotency-Key", new_idempotency_key());
    }
    std::string body;
    if (row.body) {
        fields.emplace_back("Content-Type", "application/json");
        body = json::write(row.body(world(), id));
    }
    return api.ask(operation.method, target, fields, body);
}

int expected(const Operation& operation, const Row& row, const Who& who, Target target) {
    if (!operation.scopes.empty()) {
        if (who.tenant.empty()) return 401;
        const bool may = std::ranges::any_of(operation.scopes, [&who](const std::string& scope) {
            return std::ranges::find(who.scopes, scope) != who.scopes.end();
        });
        if (!may) return 403;
    }
    const bool names_something = row.subject != Subject::nothing && row.subject != Subject::page;
    if (target == Target::own || !names_something || operation.scopes.empty()) return row.success;
    return target == Target::malformed && row.id_in_body ? 400 : 404;
}

/// All that a caller sees but for what names the request.
std::string without_request(const Answer& answer) {
    std::string all = std::to_string(answer.status);
    for (const auto& [name, value] : answer.fields) {
        if (name != "X-Request-Id" && name != "Date" && name != "traceparent" && name != "RateLimit") {
            all += "\n" + name + ": " + value;
        }
    }
    json::Object body = answer.json.if_object() == nullptr ? json::Object() : *answer.json.if_object();
    std::erase_if(
        body, [](const json::Entry& entry) { return entry.key == "instance" || entry.key == "trace_id"; });
    return all + "\n" + json::write(body);
}

}  // namespace

TEST_CASE("every operation answers every principal as the document declares, whatever its id names") {
    const std::vector<Operation> operations = operations_of(openapi_document(world().system().api()));
    REQUIRE(operations.size() > 40);
    std::size_t cells = 0;
    for (const Operation& operation : operations) {
        CAPTURE(operation.id);
        const Row* row = row_of(operation.id);
        REQUIRE_MESSAGE(row != nullptr, "an operation without a row: " << operation.id);
        for (const Who& who : world().principals()) {
            CAPTURE(who.name);
            for (const Target target : targets) {
                CAPTURE(static_cast<int>(target));
                const Answer answer = ask(operation, *row, who, id_for(*row, who, target));
                CAPTURE(answer.body.substr(0, 300));
                const int wanted = expected(operation, *row, who, target);
                CHECK(answer.status == wanted);
                CHECK_MESSAGE(
                    std::ranges::find(operation.statuses, answer.status) != operation.statuses.end(),
                    "a status that is not documented");
                if (wanted == 403) CHECK(answer.code() == "missing_scope");
                if (wanted == 401) CHECK(answer.code() == "unauthenticated");
                ++cells;
            }
        }
    }
    CHECK(row_count() == operations.size());
    MESSAGE("authorization: " << operations.size() << " operations, " << cells << " cells");
}

TEST_CASE("what is another tenant's is answered as what does not exist, byte by byte") {
    std::size_t compared = 0;
    for (const Operation& operation : operations_of(openapi_document(world().system().api()))) {
        const Row* row = row_of(operation.id);
        if (row == nullptr || operation.scopes.empty() || row->subject == Subject::nothing) continue;
        CAPTURE(operation.id);
        for (const Who& who : world().principals()) {
            CAPTURE(who.name);
            const std::string foreign =
                without_request(ask(operation, *row, who, id_for(*row, who, Target::foreign)));
            const std::string nobodys =
                without_request(ask(operation, *row, who, id_for(*row, who, Target::nonexistent)));
            CHECK(foreign == nobodys);
            ++compared;
        }
    }
    CHECK(compared > 200);
}
