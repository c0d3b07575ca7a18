#include "services/api/list_parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace tributary::api {

using domain::Errc;

domain::Result<std::size_t> page_size_of(const http::Query& query) {
    const std::string* text = query.find("page_size");
    if (text == nullptr) {
        return default_page_size;
    }
    std::int64_t size = 0;
    const char* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, size);
    const bool too_large =
        read.ec == std::errc::result_out_of_range && !text->starts_with('-') && read.ptr == end;
    if (too_large) {
        return max_page_size;
    }
    if (read.ec != std::errc{} || read.ptr != end || size < 0) {
        return domain::fail(
            Errc::invalid_input,
            "page_size must be a whole number that is not negative; more than 1000 counts as 1000.",
            "/page_size");
    }
    return size == 0 ? default_page_size : std::min(static_cast<std::size_t>(size), max_page_size);
}

domain::Result<std::optional<std::string>> name_parameter(const http::Query& query, std::string_view name) {
    const std::string* text = query.find(name);
    if (text == nullptr) {
        return std::nullopt;
    }
    const bool plain = !text->empty() && std::ranges::all_of(*text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!plain) {
        return domain::fail(Errc::invalid_input, std::string(name) + " must be a name in lower case.",
                            "/" + std::string(name));
    }
    return *text;
}

domain::Result<std::optional<std::string>> choice_parameter(const http::Query& query, std::string_view name,
                                                            std::span<const std::string_view> choices) {
    const std::string* text = query.find(name);
    if (text == nullptr) {
        return std::nullopt;
    }
    if (std::ranges::find(choices, *text) != choices.end()) {
        return *text;
    }
    std::string sentence = std::string(name) + " must be one of ";
    for (const std::string_view choice : choices) {
        sentence += std::string(choice) + (choice == choices.back() ? "." : ", ");
    }
    return domain::fail(Errc::invalid_input, std::move(sentence), "/" + std::string(name));
}

domain::Result<std::optional<domain::Uuid>> connection_parameter(const http::Query& query) {
    const std::string* text = query.find("connection_id");
    if (text == nullptr) {
        return std::nullopt;
    }
    const auto id = domain::parse_uuid(*text);
    if (!id) {
        return domain::fail(Errc::invalid_input, "connection_id must be the id of a connection.",
                            "/connection_id");
    }
    return id;
}

domain::Result<bool> flag_of(const http::Query& query, std::string_view name) {
    const std::string* text = query.find(name);
    if (text == nullptr || *text == "false") {
        return false;
    }
    if (*text == "true") {
        return true;
    }
    return domain::fail(Errc::invalid_input, std::string(name) + " must be true or false.",
                        "/" + std::string(name));
}

}  // namespace tributary::api
