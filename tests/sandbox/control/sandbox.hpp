// The sandbox without its sockets: three providers over one world, and the control requests that look into it
// and bend it. Used from one thread.
#pragma once

#include <memory>

#include "tests/sandbox/control/connections.hpp"
#include "tests/sandbox/control/counters.hpp"
#include "tests/sandbox/control/exchange.hpp"
#include "tests/sandbox/control/faults.hpp"
#include "tests/sandbox/tastytrade/tastytrade_face.hpp"
#include "tests/sandbox/tdx/tdx_face.hpp"
#include "tests/sandbox/upvest/upvest_face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class Sandbox {
  public:
    /// `real_time` is the clock everything is measured by until /clock bends it.
    Sandbox(std::unique_ptr<World> world, std::function<domain::Timestamp()> real_time);

    /// Where the providers listen; shown by /connections.
    void set_urls(BaseUrls urls) { urls_ = std::move(urls); }

    Exchange tastytrade(const HttpRequest& request) { return ask(tastytrade_, request); }

    Exchange tdx(const HttpRequest& request) { return ask(tdx_, request); }

    Exchange upvest(const HttpRequest& request) {
        Exchange exchange = ask(upvest_, request);
        exchange.errand = upvest_.subscriptions().take_errand();
        return exchange;
    }

    /// GET /population, GET /connections, POST /changes, POST /closings, GET|POST|DELETE /faults, POST
    /// /clock, GET|DELETE /requests, GET|DELETE /effects.
    HttpReply control(const HttpRequest& request);
    /// The same, and what sends webhooks: POST /webhooks, POST /webhooks/keys.
    Exchange control_exchange(const HttpRequest& request);

    [[nodiscard]] const World& world() const { return *world_; }

  private:
    Exchange ask(Face& face, const HttpRequest& request);
    [[nodiscard]] HttpReply population() const;
    HttpReply changes(const HttpRequest& request);
    HttpReply closings(const HttpRequest& request);
    HttpReply faults(const HttpRequest& request);
    HttpReply clock(const HttpRequest& request);

    std::unique_ptr<World> world_;
    SandboxClock clock_;
    Effects effects_;
    TastytradeFace tastytrade_;
    TdxFace tdx_;
    UpvestFace upvest_;
    Faults faults_;
    Counters counters_;
    Rng event_ids_;
    BaseUrls urls_;
};

}  // namespace tributary::sandbox
