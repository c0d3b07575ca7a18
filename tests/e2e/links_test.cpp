// What operators decide about who is the same person, and why a customer says what it says.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "domain/ids.hpp"
#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

json::Object pair_of(const std::string& one, const std::string& other) {
    return {{"profile_ids", json::Array{json::Value(one), json::Value(other)}}};
}

bool is_true(const json::Value& answer, std::string_view member) {
    const json::Value* value = find(answer, member);
    return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
}

/// What a customer says, without its stamp and freshness.
std::map<std::string, std::string> content_of(Api& api, const std::string& id) {
    const Answer answer = api.get("/v1/customers/" + id);
    REQUIRE(answer.status == 200);
    std::map<std::string, std::string> content;
    for (const json::Entry& entry : *answer.json.if_object()) {
        content[entry.key] = json::write(entry.value);
    }
    for (const char* changing : {"version", "changed_at", "freshness", "partial"}) {
        content.erase(changing);
    }
    return content;
}

struct Single {
    std::string customer;
    std::string profile;
};

/// Customers of one profile each, the last of the list first.
std::vector<Single> singles(Api& api) {
    std::vector<Single> all;
    for (const json::Value& customer : api.list("/v1/customers", 1000)) {
        if (array(customer, "profiles").size() == 1) {
            all.insert(all.begin(), {text(customer, "id"), text(array(customer, "profiles").front(), "id")});
        }
    }
    return all;
}

/// The value at a path with dots; null where there is none.
json::Value at(const json::Value& document, std::string_view path) {
    const json::Value* value = &document;
    while (value != nullptr && !path.empty()) {
        const std::size_t end = std::min(path.find('.'), path.size());
        value = value->find(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return value == nullptr ? json::Value() : *value;
}

}  // namespace

TEST_CASE("an operator links two profiles and unlinks them, and both customers are what they were") {
    RunningSystem& system = RunningSystem::synced();
    Api api = system.api_with(system.make_key("main", "read,personal,operations"));
    const auto people = singles(api);
    REQUIRE(people.size() > 3);
    const auto left = content_of(api, people[0].customer);
    const auto right = content_of(api, people[1].customer);
    json::Object body = pair_of(people[0].profile, people[1].profile);
    json::set(body, "reason", "Both came with one passport.");
    const Answer linked = api.post("/v1/identity/links", body);
    REQUIRE_MESSAGE(linked.status == 200, linked.body);
    CHECK(is_true(linked.json, "joined"));
    const json::Value& link = *find(linked.json, "link");
    CHECK(text(link, "state") == "linked");
    CHECK(text(link, "reason") == "Both came with one passport.");
    CHECK(text(link, "by") != "rule");
    REQUIRE(array(linked.json, "customers").size() == 1);
    const std::string joined = text(array(linked.json, "customers").front(), "id");
    const std::string gone = joined == people[0].customer ? people[1].customer : people[0].customer;
    const Answer moved = api.get("/v1/customers/" + gone);
    CHECK(moved.status == 308);
    CHECK(moved.field("Location") == "/v1/customers/" + joined);
    CHECK(api.get("/v1/customers/" + gone + "/explain").status == 308);

    const std::string path = "/v1/identity/links/" + text(link, "id");
    const Answer parted = api.post(path + "/unlink");
    REQUIRE_MESSAGE(parted.status == 200, parted.body);
    CHECK_FALSE(is_true(parted.json, "joined"));
    CHECK_FALSE(is_true(parted.json, "still_joined"));
    CHECK(content_of(api, people[0].customer) == left);
    CHECK(content_of(api, people[1].customer) == right);

    const Answer refused = api.post("/v1/identity/links", body);
    CHECK(refused.status == 409);
    CHECK(refused.json.find("detail")->if_string()->find(text(link, "id")) != std::string::npos);
    CHECK(api.post("/v1/identity/suggestions/" + text(link, "id") + "/accept").status == 409);
    const Answer reopened = api.post(path + "/reopen");
    REQUIRE(reopened.status == 200);
    CHECK(text(*find(reopened.json, "link"), "by") == "rule");
    CHECK(api.post("/v1/identity/suggestions/" + text(link, "id") + "/accept").status == 200);
    CHECK(api.post("/v1/identity/suggestions/" + text(link, "id") + "/reject").status == 200);
    CHECK(content_of(api, people[0].customer) == left);
    CHECK(api.post(path + "/reopen").status == 200);
}

TEST_CASE("unlinking two whom a third holds together says so and names the links") {
    RunningSystem& system = RunningSystem::synced();
    Api api = system.api_with(system.make_key("main", "read,operations"));
    const auto people = singles(api);
    REQUIRE(people.size() > 4);
    std::vector<std::string> links;
    for (const auto& [one, other] : {std::pair(2, 3), std::pair(3, 4), std::pair(2, 4)}) {
        const Answer made =
            api.post("/v1/identity/links", pair_of(people.at(static_cast<std::size_t>(one)).profile,
                                                   people.at(static_cast<std::size_t>(other)).profile));
        REQUIRE_MESSAGE(made.status == 200, made.body);
        links.push_back(text(*find(made.json, "link"), "id"));
    }
    const Answer parted = api.post("/v1/identity/links/" + links.at(2) + "/unlink");
    REQUIRE(parted.status == 200);
    CHECK(is_true(parted.json, "still_joined"));
    std::vector<std::string> held_by;
    for (const json::Value& link : array(parted.json, "held_by")) {
        held_by.push_back(text(link, "id"));
    }
    CHECK(std::ranges::is_permutation(held_by, std::vector{links.at(0), links.at(1)}));
    for (const std::string& link : links) {
        CHECK(api.post("/v1/identity/links/" + link + "/unlink").status == 200);
    }
    for (const std::string& link : links) {
        CHECK(api.post("/v1/identity/links/" + link + "/reopen").status == 200);
    }
}

TEST_CASE("who decided about a link, and why, is hidden from operators without the scope personal") {
    RunningSystem& system = RunningSystem::synced();
    Api seeing = system.api_with(system.make_key("main", "read,personal,operations"));
    Api masked = system.api_with(system.make_key("main", "read,operations"));
    const std::string reason = "Called +49 170 1234567";
    const auto people = singles(seeing);
    REQUIRE(people.size() > 7);
    const auto link = [&](std::size_t one, std::size_t other) {
        json::Object body = pair_of(people.at(one).profile, people.at(other).profile);
        json::set(body, "reason", reason);
        const Answer made = seeing.post("/v1/identity/links", body);
        REQUIRE_MESSAGE(made.status == 200, made.body);
        CHECK(text(*find(made.json, "link"), "reason") == reason);
        CHECK(text(*find(made.json, "link"), "by").starts_with("API key "));
        return text(*find(made.json, "link"), "id");
    };
    const std::vector<std::string> links = {link(5, 6), link(6, 7), link(5, 7)};
    const auto hides = [&](const Answer& answer) {
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK_FALSE(answer.body.contains(reason));
        CHECK_FALSE(answer.body.contains("API key "));
        CHECK(text(*find(answer.json, "link"), "by") == "operator");
    };
    hides(masked.post("/v1/identity/links", pair_of(people.at(5).profile, people.at(6).profile)));
    hides(masked.post("/v1/identity/suggestions/" + links.at(0) + "/accept"));
    const Answer parted = masked.post("/v1/identity/links/" + links.at(2) + "/unlink");
    hides(parted);
    CHECK(array(parted.json, "held_by").size() == 2);
    hides(masked.post("/v1/identity/suggestions/" + links.at(2) + "/reject"));
    for (const std::string& id : links) {
        CHECK(seeing.post("/v1/identity/links/" + id + "/unlink").status == 200);
        CHECK(seeing.post("/v1/identity/links/" + id + "/reopen").status == 200);
    }
}

TEST_CASE("what a link cannot be made of is refused by its member") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string profile = singles(api).front().profile;
    CHECK(api.post("/v1/identity/links", pair_of(profile, profile)).pointer() == "/profile_ids/1");
    CHECK(api.post("/v1/identity/links", pair_of(profile, "me")).pointer() == "/profile_ids/1");
    json::Object long_winded = pair_of(profile, "0190d0c0-0000-7000-8000-00000000dead");
    json::set(long_winded, "reason", std::string(201, 'x'));
    CHECK(api.post("/v1/identity/links", long_winded).pointer() == "/reason");
    json::set(long_winded, "reason", "fine");
    CHECK(api.post("/v1/identity/links", long_winded).status == 404);
}

TEST_CASE("an explanation names for every field what the document says, and where the provider said it") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    std::map<std::string, std::size_t> rules;
    std::size_t with_path = 0;
    std::size_t merged = 0;
    for (const json::Value& customer : api.list("/v1/customers", 1000)) {
        const Answer answer = api.get("/v1/customers/" + text(customer, "id") + "/explain");
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK(is_true(answer.json, "matches_document"));
        for (const json::Value& field : array(answer.json, "fields")) {
            const std::string path = text(field, "path");
            CAPTURE(path);
            CHECK(json::write(*find(field, "value")) == json::write(at(customer, path)));
            ++rules[text(field, "rule")];
            const json::Value& source = *find(field, "source");
            CHECK(text(source, "cause") == "run");
            CHECK(api.get("/v1/runs/" + text(source, "run_id")).status == 200);
            with_path += array(source, "json_paths").empty() ? 0 : 1;
        }
        const std::size_t profiles = array(customer, "profiles").size();
        merged += profiles > 1 ? 1 : 0;
        for (const json::Value& profile : array(answer.json, "profiles")) {
            CHECK((profiles > 1) == !array(profile, "links").empty());
        }
        if (rules["newest_profile"] > 20 && merged > 3) break;
    }
    CHECK(rules["only_value"] > 0);
    CHECK(rules["newest_profile"] > 0);
    CHECK(with_path > 20);
}

TEST_CASE("without the scope personal an explanation shows no more than the masked document") {
    RunningSystem& system = RunningSystem::synced();
    Api reader = system.api_with(system.make_key("main", "read"));
    const json::Value customer = reader.list("/v1/customers", 1000).front();
    const Answer answer = reader.get("/v1/customers/" + text(customer, "id") + "/explain");
    REQUIRE(answer.status == 200);
    CHECK(is_true(answer.json, "masked"));
    for (const json::Value& field : array(answer.json, "fields")) {
        const std::string path = text(field, "path");
        CAPTURE(path);
        const json::Value* value = field.find("value");
        CHECK(json::write(value == nullptr ? json::Value() : *value) == json::write(at(customer, path)));
    }
}
