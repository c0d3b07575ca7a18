// A view in which somebody decides about links.
#pragma once

#include <string>
#include <vector>

#include "people.hpp"
#include "services/view/link_decision.hpp"

namespace tributary::tests {

struct DecidingFixture : ViewFixture {
    /// About the profiles that the provider knows by these ids.
    [[nodiscard]] domain::Result<view::DecidedLink> decide(const std::string& one, const std::string& other,
                                                           domain::LinkVerb verb);
    [[nodiscard]] domain::Result<view::DecidedLink> decide(const domain::Uuid& link, domain::LinkVerb verb);
    /// Commits these people as one page of c1.
    [[nodiscard]] bool commit_all(std::vector<domain::Observation> people);

    [[nodiscard]] domain::Uuid profile_id(const std::string& provider_id) const;
    [[nodiscard]] domain::Uuid link_id(const std::string& one, const std::string& other) const;
    /// What the document says, without its stamp.
    [[nodiscard]] json::Value content(const domain::Uuid& document_id) const;
    /// The document of the customer in which the profile stands.
    [[nodiscard]] json::Value customer_now(const std::string& provider_id) const;
    /// Where the profile's own customer leads; empty where it is served.
    [[nodiscard]] std::string redirect(const std::string& provider_id) const;
    /// The customer that the account names first.
    [[nodiscard]] std::string owner_of(const std::string& account_id) const;

  private:
    domain::Result<view::DecidedLink> decide(const view::LinkOrder& order);
};

}  // namespace tributary::tests
