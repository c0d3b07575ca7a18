// Ready-made bodies for `POST /v1/connections`, one for every login, with the secrets in the clear.
#pragma once

#include <string>

#include "domain/json/value.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// Origins of the three providers' listeners.
struct BaseUrls {
    std::string tastytrade;
    std::string tdx;
    std::string upvest;
};

json::Array connection_bodies(const World& world, const BaseUrls& urls);

}  // namespace tributary::sandbox
