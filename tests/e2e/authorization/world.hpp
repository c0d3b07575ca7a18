// Two tenants with an object of every kind, and eight principals.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
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
    /// One that may still be closed.
    active_account_group,
    /// The customer of held().
    holder_of_account,
    holder_of_sub_account,
    holder_of_account_group,
    connection,
    /// One that nobody misses.
    new_connection,
    run,
    proposal,
    drift,
    /// A link of two profiles, which nobody rejected.
    link,
    /// The lower one of these two.
    profile,
    quarantined,
    key,
    /// Of the login of a T-DX connection, whose preferences and attributes it may change.
    own_profile,
    /// Of a user of Upvest, for whom groups may be opened.
    upvest_profile,
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
    /// The other one of two profiles that are there to be linked; of any other id some id.
    json::Value partner_of(const std::string& profile);
    /// The body for a new connection, of a name that is not taken.
    json::Object new_connection();
    /// The body for an attribute that nobody has.
    json::Object new_attribute();
    /// The provider's id of an attribute that this tenant's `own_profile` has just got.
    std::string attribute_of(const std::string& tenant);
    /// The parts of such a body by which this connection is repaired.
    json::Object repair_of(const std::string& connection);

  private:
    void fill(const std::string& tenant);
    /// Two profiles of the tenant that no rule knows of each other, the lower id first.
    const std::pair<std::string, std::string>& pair_of(const std::string& tenant);
    /// Links the pair, whatever was decided about it before. The link's id.
    std::string link_pair(const std::string& tenant);
    std::string first_of(const std::string& path, const std::string& tenant);
    /// Made beside the service, as a run of the engine would leave it.
    std::string insert(const std::string& tenant, const std::string& table_and_values);

    tests::TemporaryFolder folder_;
    /// By tenant: what is asked about, and stays.
    std::map<std::string, std::string> repairable_;
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
    std::map<std::string, std::pair<std::string, std::string>> pairs_;
    int made_ = 0;
};

}  // namespace tributary::e2e
