// A sample of every provider fault, each on the adapter whose turn it is.

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "tests/faults/catalogue.hpp"

using namespace tributary::faults;

namespace {

/// In turn, so that each adapter meets a third of the faults; `./dev chaos --providers` tries all on all.
std::string provider_for(const ProviderFault& fault, std::size_t place) {
    static const std::array<std::string, 3> providers{"tdx", "upvest", "tastytrade"};
    while (fault.not_for.find(providers[place % providers.size()]) != std::string_view::npos) {
        ++place;
    }
    return providers[place % providers.size()];
}

}  // namespace

TEST_CASE("the engine holds its promises under every provider fault") {
    std::size_t place = 0;
    for (const ProviderFault& fault : all_faults()) {
        const std::string provider = provider_for(fault, place++);
        CAPTURE(std::string(fault.id));
        CAPTURE(provider);
        Trial trial(provider, false);
        fault.attempt(trial);
        CHECK(trial.times_struck() > 0);
        for (const std::string& text : trial.texts()) {
            FAIL_CHECK(text);
        }
    }
}
