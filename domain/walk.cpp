#include "domain/walk.hpp"

#include <algorithm>

namespace tributary::domain {

namespace {

Uuid name_of_key(const std::string& key) {
    return named_uuid(Uuid{}, key);
}

}  // namespace

Walk::Walk(const ports::StreamFacts& facts, std::optional<ResumePoint> resume) : facts_(facts) {
    const bool offset = facts.paging == ports::Paging::offset && resume && resume->offset > 0;
    const bool cursor = facts.paging == ports::Paging::cursor && resume && resume->cursor;
    resumed_ = offset || cursor;
    if (offset) {
        offset_ = resume->offset;
        last_key_ = std::move(resume->last_key);
        total_ = resume->total;
    } else if (cursor) {
        cursor_ = std::move(resume->cursor);
    }
}

ports::PageRequest Walk::next() const {
    ports::PageRequest request;
    request.limit = facts_.page_limit;
    if (facts_.paging == ports::Paging::cursor) {
        request.cursor = cursor_;
    } else if (facts_.paging == ports::Paging::offset) {
        request.offset = offset_;
    }
    return request;
}

Result<void> Walk::take(const Page& page) {
    ++pages_;
    if (pages_ > max_pages) {
        stop("The stream has more than " + std::to_string(max_pages) + " pages.");
        return fail(Errc::contract, reason_);
    }
    switch (facts_.paging) {
        case ports::Paging::single:
            remember(page);
            finish();
            return {};
        case ports::Paging::cursor:
            return take_cursor_page(page);
        case ports::Paging::offset:
            take_offset_page(page);
            return {};
    }
    return {};
}

Result<void> Walk::take_cursor_page(const Page& page) {
    const std::size_t known = seen_.size();
    remember(page);
    fruitless_ = seen_.size() == known ? fruitless_ + 1 : 0;
    if (!page.next_cursor) {
        finish();
        return {};
    }
    if (page.next_cursor == cursor_ || !cursors_.insert(*page.next_cursor).second) {
        stop("The provider repeated a cursor, so the walk would never end.");
        return fail(Errc::contract, reason_);
    }
    if (fruitless_ == max_fruitless) {
        stop("The provider names page after page that brings nothing new, so the walk would never end.");
        return fail(Errc::contract, reason_);
    }
    cursor_ = page.next_cursor;
    return {};
}

void Walk::take_offset_page(const Page& page) {
    const std::size_t count = page.item_keys.size();
    if (total_ && page.total != total_) {
        return restart("the total changed");
    }
    total_ = page.total;
    if (last_key_ && (count == 0 || page.item_keys.front() != *last_key_)) {
        return restart("a page did not begin with the last item of the page before");
    }
    const std::size_t overlap = last_key_ ? 1 : 0;
    for (std::size_t i = overlap; i < count; ++i) {
        if (!seen_.insert(name_of_key(page.item_keys[i])).second) {
            return restart("an item came twice");
        }
    }
    const std::uint64_t reached = offset_ + count;
    // The total alone does not end a walk: a full page may be followed by items that a wrong total denies.
    // Without a total, the end is where nothing follows the overlap; pages that hold no more show no end.
    const bool full = count >= facts_.page_limit;
    const bool nothing_follows = count == overlap && facts_.page_limit > overlap;
    if (count == 0 || (total_ ? reached >= *total_ && !full : nothing_follows)) {
        if (!resumed_ && total_ && seen_.size() != *total_) {
            return restart("the items counted are not the total the provider gave");
        }
        return finish();
    }
    if (count <= overlap) {
        return restart("a page brought nothing new");
    }
    last_key_ = page.item_keys.back();
    offset_ = reached - 1;
}

void Walk::remember(const Page& page) {
    for (const std::string& key : page.item_keys) {
        seen_.insert(name_of_key(key));
    }
    total_ = page.total;
    end_unsaid_ = page.end_unsaid;
}

void Walk::restart(const std::string& why) {
    if (restarts_ == max_restarts) {
        stop("The collection kept changing while it was read (" + why + "); the next run tries again.");
        return;
    }
    start_over();
}

void Walk::start_over() {
    ++restarts_;
    // From the beginning this time, so a resumed walk proves as much as any other.
    resumed_ = false;
    fruitless_ = 0;
    offset_ = 0;
    total_.reset();
    end_unsaid_ = false;
    last_key_.reset();
    cursor_.reset();
    cursors_.clear();
    seen_.clear();
}

void Walk::finish() {
    finished_ = true;
    if (resumed_) {
        verdict_ = Completeness::unproven;
        reason_ = "The walk was resumed after an interruption.";
    } else if (facts_.has_total && !total_) {
        verdict_ = Completeness::unproven;
        reason_ = "The provider left out how many items the stream has.";
    } else if (end_unsaid_) {
        verdict_ = Completeness::unproven;
        reason_ = "The provider left out whether more items follow.";
    } else {
        verdict_ = Completeness::complete;
        reason_.clear();
    }
}

void Walk::stop(std::string reason) {
    finished_ = true;
    verdict_ = Completeness::partial;
    reason_ = std::move(reason);
}

bool Walk::saw(const std::string& key) const {
    return seen_.contains(name_of_key(key));
}

ResumePoint Walk::resume_point() const {
    return {cursor_, offset_, last_key_, facts_.paging == ports::Paging::offset ? total_ : std::nullopt};
}

json::Object Walk::evidence() const {
    json::Object evidence;
    evidence.push_back({"pages", pages_});
    evidence.push_back({"count", seen_.size()});
    if (total_) {
        evidence.push_back({"total", *total_});
    }
    evidence.push_back({"restarts", restarts_});
    evidence.push_back({"terminal_page_seen", finished_ && verdict_ != Completeness::partial});
    if (facts_.paging == ports::Paging::offset) {
        evidence.push_back({"overlap", 1});
    }
    if (resumed_) {
        evidence.push_back({"resumed", true});
    }
    return evidence;
}

}  // namespace tributary::domain
