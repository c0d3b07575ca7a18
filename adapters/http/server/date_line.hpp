// The text of the Date header, formatted once a second instead of once an answer.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace tributary::http {

/// RFC 9110 form: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::chrono::sys_seconds at);

/// One for each thread.
class DateLine {
  public:
    /// Valid until the next call.
    std::string_view at(domain::Timestamp now);

    /// Of the last call of at(); valid until the next.
    [[nodiscard]] std::string_view last() const { return text_; }

  private:
    std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
    std::string text_;
};

}  // namespace tributary::http
