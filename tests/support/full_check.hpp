// How much of a long check a test does: `./dev check` sets TRIBUTARY_CHECK_FULL, `./dev test` takes a sample.
#pragma once

#include <cstdlib>

namespace tributary::tests {

/// `all` where the whole check is asked for, else `sample`.
inline int full_or(int all, int sample) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment
    const char* full = std::getenv("TRIBUTARY_CHECK_FULL");
    return full != nullptr && *full != '\0' ? all : sample;
}

}  // namespace tributary::tests
