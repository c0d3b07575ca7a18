// Upvest behind the provider port: the one thing of this folder that the composition root names.
#pragma once

#include <memory>

#include "domain/ports/provider.hpp"

namespace tributary::upvest {

/// Streams in walk order: users, account_groups, accounts. Besides their single objects, read() answers
/// `user_account_groups`: the groups of the user with the given id as one page.
std::unique_ptr<domain::ports::Provider> make_provider();

}  // namespace tributary::upvest
