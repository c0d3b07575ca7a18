// Where a walk through a list goes on: the moment it shows and the place of the last item it gave, sealed by
// a keyed hash and bound to tenant and question, so that it is good for nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/moment.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/uuid.hpp"

namespace tributary::api {

struct PagePosition {
    /// Where the list shows one.
    domain::ports::Commit moment = {};
    /// What the list is ordered by, of the last item; 0 where that is its id.
    std::int64_t key = 0;
    domain::Uuid after;

    friend bool operator==(const PagePosition&, const PagePosition&) = default;
};

/// `question` is whatever must not change between pages: tenant, route, filters, order (page_size may
/// change).
std::string make_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                            const PagePosition& position);
/// Errc::invalid_input (pointer "/page_token") for a token that was altered or belongs to another question.
domain::Result<PagePosition> read_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                                             std::string_view token);

}  // namespace tributary::api
