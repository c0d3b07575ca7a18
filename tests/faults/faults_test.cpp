// A sample of every provider fault on every adapter.

#include <doctest/doctest.h>

#include <string>

#include "tests/faults/catalogue.hpp"

using namespace tributary::faults;

TEST_CASE("the engine holds its promises under every provider fault on every adapter") {
    for (const ProviderFault& fault : all_faults()) {
        for (const std::string provider : {"tastytrade", "tdx", "upvest"}) {
            if (fault.not_for.find(provider) != std::string_view::npos) {
                continue;
            }
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
}
