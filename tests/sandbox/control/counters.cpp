#include "tests/sandbox/control/counters.hpp"

#include <utility>

namespace tributary::sandbox {

json::Array Counters::report() const {
    json::Array rows;
    for (const auto& [route, statuses] : counts_) {
        std::uint64_t total = 0;
        json::Object by_status;
        for (const auto& [status, count] : statuses) {
            total += count;
            by_status.push_back({std::to_string(status), count});
        }
        rows.push_back(json::Object{{"provider", route.provider},
                                    {"method", route.method},
                                    {"path", route.path},
                                    {"count", total},
                                    {"by_status", std::move(by_status)}});
    }
    return rows;
}

}  // namespace tributary::sandbox
