#include "services/api/batch_request.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using api::read_batch_request;

namespace {

std::string ids(std::size_t count) {
    std::string text = R"({"ids":[)";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "\"" : ",\"") + to_text(domain::named_uuid({}, std::to_string(i))) + "\"";
    }
    return text + "]}";
}

std::string first_pointer(std::string_view body) {
    const auto read = read_batch_request(body);
    return read ? "none" : read.error().front().pointer;
}

}  // namespace

TEST_CASE("one to a thousand ids are read in their order, as often as they stand there") {
    CHECK(read_batch_request(ids(1)).value().size() == 1);
    CHECK(read_batch_request(ids(1000)).value().at(999) == domain::named_uuid({}, "999"));
    const std::string id = to_text(domain::named_uuid({}, "a"));
    CHECK(read_batch_request(R"({"ids":[")" + id + R"(",")" + id + "\"]}").value().size() == 2);
}

TEST_CASE("a body that asks for no ids, or too many, is refused with what is at fault") {
    CHECK(first_pointer(ids(0)) == "/ids");
    CHECK(first_pointer(ids(1001)) == "/ids");
    CHECK(first_pointer(R"({})") == "/ids");
    CHECK(first_pointer(R"({"ids":"a"})") == "/ids");
    CHECK(first_pointer(R"({"ids":["x"]})") == "/ids/0");
    CHECK(first_pointer(R"({"ids":[1]})") == "/ids/0");
    CHECK(first_pointer(R"(["a"])").empty());
    CHECK(first_pointer("").empty());
    CHECK(first_pointer(R"({"names":[],"ids":[]})") == "/names");
    CHECK(first_pointer(R"({"ids":[],"ids":[]})") == "/ids");
}

TEST_CASE("a member that is not known is refused although the ids are well") {
    std::string body = ids(2);
    body.insert(1, R"("page_size":1,)");
    CHECK(first_pointer(body) == "/page_size");
}
