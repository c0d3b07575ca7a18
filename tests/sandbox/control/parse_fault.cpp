#include "domain/json/write.hpp"
#include "tests/sandbox/control/faults.hpp"
#include "tests/sandbox/face/form.hpp"

namespace tributary::sandbox {

namespace {

bool read_text(const json::Value& value, std::string& into) {
    const std::string* text = value.if_string();
    if (text != nullptr) into = *text;
    return text != nullptr;
}

bool read_count(const json::Value& value, std::uint64_t& into) {
    const auto count = value.if_number() == nullptr ? std::nullopt : parse_count(value.if_number()->lexeme);
    if (count) into = *count;
    return count.has_value();
}

bool read_headers(const json::Value& value, Fault& fault) {
    if (value.if_object() == nullptr) return false;
    for (const json::Entry& header : *value.if_object()) {
        std::string text;
        if (!read_text(header.value, text)) return false;
        fault.headers.emplace_back(header.key, text);
    }
    return true;
}

bool read_selection(const json::Entry& entry, Fault& fault) {
    if (entry.key == "provider") return read_text(entry.value, fault.provider);
    if (entry.key == "path_prefix") return read_text(entry.value, fault.path_prefix);
    if (entry.key == "method") return read_text(entry.value, fault.method);
    if (entry.key == "query_contains") return read_text(entry.value, fault.query_contains);
    if (entry.key == "after") return read_count(entry.value, fault.after);
    return entry.key == "times" && read_count(entry.value, fault.times);
}

bool read_harm(const json::Entry& entry, Fault& fault) {
    std::uint64_t count = 0;
    if (entry.key == "headers") return read_headers(entry.value, fault);
    if (entry.key == "body") {
        // An object is sent as JSON, a text as it is.
        if (!read_text(entry.value, fault.body)) fault.body = json::write(entry.value);
        return true;
    }
    if (entry.key == "cut" && entry.value.if_bool() != nullptr) {
        fault.cut = *entry.value.if_bool();
        return true;
    }
    if (entry.key == "merge" && entry.value.if_object() != nullptr) {
        fault.merge = *entry.value.if_object();
        return true;
    }
    if (!read_count(entry.value, count)) return false;
    if (entry.key == "delay_ms")
        fault.delay = std::chrono::milliseconds(count);
    else if (entry.key == "status" && count >= 200 && count <= 599)
        fault.status = static_cast<int>(count);
    else if (entry.key == "truncate_at")
        fault.truncate_at = count;
    else if (entry.key == "drop_item")
        fault.drop_item = count;
    else
        return false;
    return true;
}

}  // namespace

std::expected<Fault, std::string> parse_fault(const json::Object& object) {
    Fault fault;
    for (const json::Entry& entry : object) {
        if (!read_selection(entry, fault) && !read_harm(entry, fault)) {
            return std::unexpected("A fault cannot have this member, or not with this value: " + entry.key);
        }
    }
    if (fault.provider.empty()) return std::unexpected("A fault needs a provider.");
    return fault;
}

}  // namespace tributary::sandbox
