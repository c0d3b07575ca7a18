// Points in time by which a phase must end.
#pragma once

#include <algorithm>
#include <chrono>

namespace tributary::http {

using Deadline = std::chrono::steady_clock::time_point;

inline Deadline from_now(std::chrono::milliseconds limit) {
    return std::chrono::steady_clock::now() + limit;
}

/// The end of a phase that starts now and lies within `whole`.
inline Deadline phase_within(Deadline whole, std::chrono::milliseconds limit) {
    return std::min(whole, from_now(limit));
}

}  // namespace tributary::http
