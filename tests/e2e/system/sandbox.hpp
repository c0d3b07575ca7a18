// The process of the provider sandbox, and its control listener.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "domain/json/value.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/child_process.hpp"

namespace tributary::e2e {

class Sandbox {
  public:
    /// More groups at the larger Upvest client than a page takes, so that its walks take several that
    /// overlap.
    static constexpr int usual_groups = 1'300;

    /// `folder` gets its log and its ready file.
    explicit Sandbox(const std::string& folder, int upvest_groups = usual_groups);

    /// "tastytrade", "tdx" or "upvest".
    [[nodiscard]] std::string url(std::string_view provider) const;

    /// What each connection can see, who is whom, and who may do what.
    json::Value population();
    /// The bodies for POST /v1/connections, credentials and all.
    json::Array connections();
    /// Applies operations; the test fails where one is refused.
    void change(json::Array operations);
    /// Adds a rule that bends replies.
    void fault(json::Object rule);
    void clear_faults();
    /// A signed delivery of Upvest's, sent to a subscription or only made; see the sandbox's README.
    json::Value webhook(json::Object order);
    /// Upvest signs with another key from now on, and does not list the former ones any more.
    void replace_webhook_keys();
    /// What orders did at the providers since forget_effects(): "provider effect" by how often.
    std::map<std::string, std::int64_t> effects();
    void forget_effects();
    /// Upvest closes every group that is CLOSING.
    void finish_closings();
    /// How often each route was asked, as the control listener reports it; then counts from zero.
    json::Value take_requests();

  private:
    json::Value ask(std::string_view method, std::string_view target, const json::Value* body);

    std::unique_ptr<tests::ChildProcess> process_;
    json::Value urls_;
    std::unique_ptr<tests::BlockingHttp> control_;
};

}  // namespace tributary::e2e
