// The finished answer to who asks for one object: what is sent, and what is kept of it.
#pragma once

#include <memory>

#include "domain/ports/read_store.hpp"
#include "services/api/conditional.hpp"
#include "services/api/told_text.hpp"
#include "services/cache/ready_document.hpp"

namespace tributary::api {

/// Status 200, without its position. `load` has a document, which `told` is told of. `feed` is that of its
/// tenant from before the load; without one the answer is not to be kept.
std::shared_ptr<const cache::ReadyDocument> ready_document(const domain::ports::DocumentLoad& load,
                                                           const ToldText& told, Variant variant,
                                                           const std::shared_ptr<cache::TenantFeed>& feed);

}  // namespace tributary::api
