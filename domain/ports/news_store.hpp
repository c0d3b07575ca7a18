// What a process that keeps copies of documents must know to forget them in time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/moment.hpp"
#include "domain/ports/task.hpp"

namespace tributary::domain::ports {

/// When what is told of a subject's freshness last became different. The subject is a connection, or a
/// document whose objects were read by themselves. Each change of one subject has a later time.
struct FreshnessMark {
    Uuid subject;
    Timestamp at;

    friend bool operator==(const FreshnessMark&, const FreshnessMark&) = default;
};

/// What one transaction of this process brought.
struct OwnNews {
    Uuid tenant;

    /// The first and the last commit that it made, nearly always one; absent where it made none.
    struct Commits {
        Commit first;
        Commit last;
    };

    std::optional<Commits> commits = std::nullopt;
    /// The documents of its commits.
    std::vector<Uuid> documents = {};
    std::vector<FreshnessMark> marks = {};
};

struct NewsQuery {
    /// News behind this commit; absent: none but marks.
    std::optional<Commit> after = std::nullopt;
    /// `looked_at` of the news before: marks since then, and some of before again, because a transaction
    /// shows its marks only when it commits.
    std::optional<Timestamp> looked_at = std::nullopt;
    /// Of changes.
    std::size_t limit = 20'000;
};

struct News {
    /// Everything up to here is told.
    Commit head;
    /// On PostgreSQL's clock.
    Timestamp looked_at;
    /// False: what changed cannot be told, because it is more than the limit, `after` is older than what is
    /// kept, or of a past that a restore undid. Whoever keeps copies forgets them all.
    bool whole = true;

    struct Changed {
        Uuid document;
        std::int64_t commit = 0;
    };

    /// A document may stand here several times.
    std::vector<Changed> changed = {};
    std::vector<FreshnessMark> marks = {};
};

class NewsStore {
  public:
    virtual ~NewsStore() = default;
    /// All of one moment.
    virtual Task<Result<News>> news(Uuid tenant, NewsQuery query) = 0;
};

}  // namespace tributary::domain::ports
