// A connection to Upvest whose objects are put into a real store, as today's decoder reads them or as another
// one did.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/replay/replay.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// What another decoder makes of a page.
using Edit = std::function<void(domain::Page&)>;

/// Upvest's decoder with what another one does differently.
std::unique_ptr<domain::ports::Provider> decoder(Edit edit = {});

/// {"id", "first_name", "last_name", "email", "updated_at"}.
json::Object user(const std::string& id, const std::string& email = "ada@example.com",
                  const std::string& updated_at = "2026-01-02T03:04:05Z");
/// A decoder that does not know e-mail addresses yet.
void without_email(domain::Page& page);

struct ReplayFixture : StoreFixture {
    explicit ReplayFixture(std::size_t threads = 2);

    /// Commits these users (user()) as a page that `provider` decoded.
    void say(const std::vector<json::Object>& objects, const domain::ports::Provider& provider);
    /// A complete walk does not see them any more.
    void forget(const std::vector<std::string>& ids);
    domain::Result<replay::ReplayReport> replay(const domain::ports::Provider& provider);
    domain::Result<replay::ReplayReport> preview(const domain::ports::Provider& provider,
                                                 std::optional<domain::Timestamp> since = std::nullopt);

    /// Of the profile behind a user: {"version", the stored text's member `key`}.
    [[nodiscard]] std::string profile_member(const std::string& id, const std::string& key) const;
    [[nodiscard]] std::string customer_version(const std::string& id) const;
    /// Rows written so far in every table that is no bookkeeping, "table rows" a line. With one thread alone.
    std::string data_rows();

    domain::ports::ConnectionView connection;
    domain::ports::StreamRef users;
    replay::ReplayTools tools;
};

}  // namespace tributary::tests
