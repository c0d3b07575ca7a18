// Providers' answers made by hand, and a view that commits them.
#pragma once

#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/ports/page_store.hpp"
#include "services/view/page_commit.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// A person as a provider's user object.
struct Person {
    std::string id;
    std::string first;
    std::string last;
    std::string email;
    std::string birth_date;
};

domain::Observation profile(const Person& person);
domain::Observation account(const std::string& id, const std::vector<std::string>& owners,
                            const std::string& group = "");
domain::Observation account_group(const std::string& id, const std::vector<std::string>& owners);

/// The store with what commits pages to it.
struct ViewFixture : StoreFixture {
    explicit ViewFixture(std::size_t threads = 2) : StoreFixture(threads) {}

    [[nodiscard]] view::CommitScope scope(const std::string& connection, const std::string& stream) const;
    [[nodiscard]] static view::IdentifierHash hash();
    /// One page in one transaction.
    domain::Result<view::PageCounts> commit(const std::string& connection, const std::string& stream,
                                            std::vector<domain::Observation> observations);
    domain::Result<view::PageCounts> remove(const std::string& connection, const std::string& stream,
                                            std::vector<std::string> ids);

    [[nodiscard]] domain::Uuid id(domain::EntityKind kind, const std::string& provider_id) const;
    [[nodiscard]] domain::Uuid customer(const std::string& profile) const;
    /// The stored document as a tree; null where there is none.
    [[nodiscard]] json::Value document(const domain::Uuid& id) const;
    [[nodiscard]] std::string count(const std::string& what) const;
};

}  // namespace tributary::tests
