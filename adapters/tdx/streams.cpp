#include "adapters/tdx/streams.hpp"

#include <vector>

namespace tributary::tdx {

using domain::EntityKind;
using domain::ports::Paging;
using domain::ports::StreamFacts;

namespace {

StreamFacts single(std::string_view name, EntityKind kind) {
    return {.name = std::string(name), .kind = kind};
}

StreamFacts list(std::string_view name, EntityKind kind) {
    return {.name = std::string(name), .kind = kind, .paging = Paging::cursor, .page_limit = max_page_limit};
}

StreamFacts with_single_read(StreamFacts facts) {
    facts.has_single_read = true;
    return facts;
}

/// Reduced rows, and only for users who may manage.
StreamFacts users() {
    StreamFacts facts = list(stream::users, EntityKind::profile);
    facts.fullness = 1;
    facts.may_be_denied = true;
    return facts;
}

}  // namespace

std::span<const StreamFacts> stream_facts() {
    static const std::vector<StreamFacts> facts = {
        single(stream::user, EntityKind::profile),
        single(stream::client_account, EntityKind::account),
        users(),
        with_single_read(list(stream::sub_accounts, EntityKind::sub_account)),
        single(stream::preferences, EntityKind::profile),
        with_single_read(list(stream::user_attributes, EntityKind::profile)),
        with_single_read(list(stream::client_account_attributes, EntityKind::account)),
    };
    return facts;
}

}  // namespace tributary::tdx
