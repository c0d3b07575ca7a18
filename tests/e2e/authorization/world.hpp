// Two tenants with an object of every kind, and eight principals.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/system/running_system.hpp"
#include "tests/support/jwt_signer.hpp"

namespace tributary::e2e {

struct Who {
    std::string name;
    /// The whole Authorization field; empty: none is sent.
    std::string authorization;
    /// "main" or "neighbour"; empty for who is nobody.
    std::string tenant;
    std::vector<std::string> scopes;
};

/// What a path can name.
enum class Subject {
    nothing,
    customer,
    account,
    sub_account,
    account_group,
    /// The customer of held().
    holder_of_account,
    holder_of_sub_account,
    holder_of_account_group,
    connection,
    run,
    proposal,
    drift,
    quarantined,
    key,
    /// Of a provider that takes no changes.
    profile,
    action,
    provider,
    page,
};

class AuthorizationWorld {
  public:
    AuthorizationWorld();

    [[nodiscard]] const std::vector<Who>& principals() const { return principals_; }

    RunningSystem& system() { return system_; }

    /// Where the principals ask.
    [[nodiscard]] std::uint16_t port() const { return settings_.port; }

    /// The id of an object of this kind that the tenant has, and that the operation may use up: the next call
    /// gives another where that matters.
    std::string id_of(Subject subject, const std::string& tenant);

    /// The first account, sub-account or account group of the tenant that some customer has.
    struct Held {
        std::string customer;
        std::string object;
    };

    Held held(Subject holder, const std::string& tenant);
    /// The body for a new connection, of a name that is not taken.
    json::Object new_connection();
    /// The parts of such a body by which this connection is repaired.
    json::Object repair_of(const std::string& connection);

  private:
    void fill(const std::string& tenant);
    std::string first_of(const std::string& path, const std::string& tenant);
    /// Made beside the service, as a run of the engine would leave it.
    std::string insert(const std::string& tenant, const std::string& table_and_values);

    tests::TemporaryFolder folder_;
    tests::JwtSigner signer_{tests::JwtAlgorithm::es256, "signing-1"};
    RunningSystem& system_ = RunningSystem::synced();
    /// Of the replica that takes the issuer's tokens.
    ProgramSettings settings_;
    std::unique_ptr<tests::ChildProcess> replica_;
    std::vector<Who> principals_;
    std::map<std::string, Api> everything_;
    std::map<std::string, std::string> tenants_;
    std::map<std::string, std::string> connection_;
    std::map<std::string, json::Object> bodies_;
    int made_ = 0;
};

}  // namespace tributary::e2e
