// The control requests about Upvest's webhooks: bundles signed and delivered on demand, keys replaced.
#pragma once

#include "tests/sandbox/control/exchange.hpp"
#include "tests/sandbox/upvest/upvest_face.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// POST /webhooks and POST /webhooks/keys. See the README.
Exchange control_webhooks(const HttpRequest& request, const World& world, UpvestFace& upvest, Rng& rng,
                          domain::Timestamp now);

}  // namespace tributary::sandbox
