// The REST API as a client with one key sees it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/support/blocking_http.hpp"

namespace tributary::e2e {

struct Answer {
    int status = 0;
    tests::HttpFields fields;
    std::string body;
    /// null where the body is no JSON.
    json::Value json;

    /// The first field of this name; "" where there is none.
    [[nodiscard]] std::string field(std::string_view name) const;
    /// The stable code of a problem; "" of anything else.
    [[nodiscard]] std::string code() const;
    /// The pointer of the problem's first fault.
    [[nodiscard]] std::string pointer() const;
    /// The body without the members that name this one request: `instance` and `trace_id`.
    [[nodiscard]] std::string unnamed_body() const;
};

/// Texts that no answer may hold. Filled before the first request; every answer of every Api is looked
/// through.
class Secrets {
  public:
    void add(std::string text);
    [[nodiscard]] bool occur_in(std::string_view text) const;

    [[nodiscard]] std::size_t count() const { return texts_.size(); }

  private:
    std::vector<std::string> texts_;
};

class Api {
  public:
    /// `secrets` must outlive the object.
    Api(std::uint16_t port, std::string key, const Secrets& secrets);

    Answer get(std::string_view target);
    Answer post(std::string_view target, const json::Value& body);
    Answer post(std::string_view target);
    Answer patch(std::string_view target, const json::Value& body);
    Answer remove(std::string_view target);
    /// With these fields alone.
    Answer ask(std::string_view method, std::string_view target, const tests::HttpFields& fields = {},
               std::string_view body = {});
    /// These bytes, on a connection of their own.
    Answer ask_raw(std::string_view bytes);
    /// Every item of a list, page by page; the test fails where a page does.
    std::vector<json::Value> list(const std::string& path, std::size_t page_size,
                                  bool include_deleted = false);

    /// The field that authenticates.
    [[nodiscard]] std::pair<std::string, std::string> credentials() const;

  private:
    Answer exchange(std::string_view method, std::string_view target, const tests::HttpFields& fields,
                    std::string_view body = {});
    Answer checked(std::string_view method, std::string_view target, const tests::HttpFields& fields,
                   tests::HttpResponse response);

    tests::BlockingHttp http_;
    std::string key_;
    const Secrets& secrets_;
};

}  // namespace tributary::e2e
