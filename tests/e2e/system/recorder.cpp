#include "tests/e2e/system/recorder.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_set>

#include "domain/http/grammar.hpp"
#include "domain/json/value.hpp"
#include "domain/json/write.hpp"

namespace tributary::e2e {

namespace {

/// The file of this process; nullptr where nothing is to be recorded.
std::ofstream* record_file() {
    static const auto file = []() -> std::unique_ptr<std::ofstream> {
        const char* folder =
            std::getenv("TRIBUTARY_RECORD");  // NOLINT(concurrency-mt-unsafe): nobody sets variables
        if (folder == nullptr || *folder == '\0') {
            return nullptr;
        }
        std::filesystem::create_directories(folder);
        const auto program = std::filesystem::read_symlink("/proc/self/exe").filename().string();
        auto opened = std::make_unique<std::ofstream>(std::string(folder) + "/" + program + ".jsonl");
        if (!*opened) {
            throw std::runtime_error("the record of exchanges cannot be written");
        }
        return opened;
    }();
    return file.get();
}

/// A field that comes again is joined to the first (RFC 9110, 5.3): of a repeated JSON key only one would be
/// read.
json::Object object_of(const tests::HttpFields& fields) {
    tests::HttpFields joined;
    for (const auto& [name, value] : fields) {
        if (http::same_name(name, "Authorization")) continue;
        const auto first = std::ranges::find_if(
            joined, [&name](const auto& field) { return http::same_name(field.first, name); });
        if (first == joined.end()) {
            joined.emplace_back(name, value);
        } else {
            first->second += ", " + value;
        }
    }
    json::Object object;
    for (const auto& [name, value] : joined) {
        object.push_back({name, value});
    }
    return object;
}

/// Waiting for a run asks the same again and again; the same answer to the same question proves nothing more.
bool is_new(const Exchange& exchange) {
    static std::unordered_set<std::size_t> seen;
    std::string text(exchange.method);
    text.append(" ").append(exchange.target).append(" ").append(std::to_string(exchange.response.status));
    for (const auto& [name, value] : exchange.response.fields) {
        if (!http::same_name(name, "X-Request-Id") && !http::same_name(name, "Date") &&
            !http::same_name(name, "traceparent")) {
            text.append("\n").append(name).append(":").append(value);
        }
    }
    text.append("\n\n").append(exchange.response.body);
    return seen.insert(std::hash<std::string>{}(text)).second;
}

}  // namespace

void record(const Exchange& exchange) {
    // Some tests ask from several threads.
    static std::mutex writing;
    const std::lock_guard lock(writing);
    std::ofstream* file = record_file();
    if (file == nullptr || !is_new(exchange)) {
        return;
    }
    *file << json::write(json::Object{{"method", exchange.method},
                                      {"target", exchange.target},
                                      {"request_fields", object_of(exchange.request_fields)},
                                      {"status", exchange.response.status},
                                      {"fields", object_of(exchange.response.fields)},
                                      {"body", exchange.response.body}})
          << '\n'
          << std::flush;
}

}  // namespace tributary::e2e
