#include "adapters/postgres/row.hpp"

#include <charconv>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

[[noreturn]] void unreadable(const char* what) {
    refuse(domain::Errc::internal, std::string("the database answered something that is no ") + what);
}

}  // namespace

bool Row::is_null(int column) const {
    return row_[column].is_null();
}

std::string_view Row::view(int column) const {
    const auto field = row_[column];
    return {field.c_str(), static_cast<std::size_t>(field.size())};
}

std::optional<std::string> Row::opt_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::int64_t Row::number(int column) const {
    const std::string_view digits = view(column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) unreadable("integer");
    return value;
}

std::optional<std::int64_t> Row::opt_number(int column) const {
    return is_null(column) ? std::nullopt : std::optional(number(column));
}

domain::Uuid Row::uuid(int column) const {
    const auto id = domain::parse_uuid(view(column));
    if (!id) unreadable("UUID");
    return *id;
}

std::optional<domain::Uuid> Row::opt_uuid(int column) const {
    return is_null(column) ? std::nullopt : std::optional(uuid(column));
}

domain::Timestamp Row::time(int column) const {
    // "2026-01-02 03:04:05.123456+00"
    std::string iso = text(column);
    if (iso.size() < 22 || !iso.ends_with("+00")) unreadable("time in UTC");
    iso[10] = 'T';
    iso.replace(iso.size() - 3, 3, "Z");
    const auto at = domain::parse_timestamp(iso);
    if (!at) unreadable("time");
    return *at;
}

std::optional<domain::Timestamp> Row::opt_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

}  // namespace tributary::postgres
