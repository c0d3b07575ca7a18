#include "adapters/postgres/feed_outbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "adapters/postgres/feed_announcement.hpp"

namespace tributary::postgres {

FeedOutbox::FeedOutbox() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

FeedOutbox::~FeedOutbox() {
    ::close(descriptor_);
}

void FeedOutbox::add(const domain::Uuid& tenant, std::int64_t commit) {
    const std::lock_guard lock(mutex_);
    if (commits_.size() >= most_tenants && !commits_.contains(tenant)) return;
    const bool first = commits_.empty();
    std::int64_t& last = commits_[tenant];
    last = std::max(last, commit);
    if (first) ::eventfd_write(descriptor_, 1);
}

std::string FeedOutbox::take() {
    std::vector<FeedMove> moves;
    const std::lock_guard lock(mutex_);
    while (!commits_.empty() && moves.size() < most_moves) {
        const auto next = commits_.begin();
        moves.push_back({next->first, next->second});
        commits_.erase(next);
    }
    if (commits_.empty()) {
        eventfd_t ignored = 0;
        ::eventfd_read(descriptor_, &ignored);
    }
    return feed_announcement(moves);
}

}  // namespace tributary::postgres
