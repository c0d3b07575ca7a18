// The example examples/mirror as a process, and the copy that it stores.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/json/value.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tributary::e2e {

/// The text of documents, by kind and id.
using Documents = std::map<std::string, std::string>;

inline constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kinds_and_lists{
    {{"customer", "/v1/customers"},
     {"account", "/v1/accounts"},
     {"sub_account", "/v1/sub-accounts"},
     {"account_group", "/v1/account-groups"},
     {"identity_link", "/v1/identity/links"}}};

/// The document without its freshness, which is of the moment it was read.
void add(Documents& documents, std::string_view kind, const json::Value& document);

struct StoredCopy {
    std::string position;
    Documents documents;

    /// The number that `as_of` takes.
    [[nodiscard]] std::string commit() const;
};

class MirrorProcess {
  public:
    /// It will follow the service on this port with this key, whose tenant it copies.
    MirrorProcess(std::uint16_t port, const std::string& key, int page_size);

    void start();
    /// SIGKILL.
    void kill();

    [[nodiscard]] bool running() { return process_ != nullptr && process_->running(); }

    /// Nothing where it stored nothing yet; the test fails where what it stored cannot be read.
    [[nodiscard]] std::optional<StoredCopy> stored() const;
    /// What it stored says that it is of this position.
    [[nodiscard]] bool stands_at(const std::string& position) const;
    /// Gives the stored copy this position, and takes a document out of it. Not while it runs.
    void spoil(const std::string& position);
    /// How often it wrote this.
    [[nodiscard]] int says(std::string_view words) const;
    /// It followed the feed to a position in the middle of a commit, of which no copy can be compared.
    [[nodiscard]] bool stopped_within_commit() const;

  private:
    [[nodiscard]] std::string file() const { return folder_->path() + "/copy.json"; }

    std::unique_ptr<tests::TemporaryFolder> folder_ = std::make_unique<tests::TemporaryFolder>();
    tests::Command command_;
    std::unique_ptr<tests::ChildProcess> process_;
};

}  // namespace tributary::e2e
