// Walks a stream page by page and proves what it saw. Pure: takes pages, says what to ask next and, in the
// end, whether the whole collection was seen. Only such a proof lets anything be removed.
//
// Offset pages are no snapshot: one delete and one append between two pages look complete by count alone. So
// each page begins with the last item of the page before; if it does not, or the total moved, the walk starts
// again. The items end it, not the total: it is only compared in the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"
#include "domain/ports/provider.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain {

enum class Completeness { complete, partial, unproven, other };

constexpr auto names_of(Completeness) {
    using enum Completeness;
    return std::to_array<EnumName<Completeness>>(
        {{complete, "complete"}, {partial, "partial"}, {unproven, "unproven"}, {other, "other"}});
}

/// Where a walk that was cut short goes on.
struct ResumePoint {
    std::optional<std::string> cursor;
    std::uint64_t offset = 0;
    /// Of offset pages: the item that the next page must begin with, and the total that must not have moved.
    std::optional<std::string> last_key = std::nullopt;
    std::optional<std::uint64_t> total = std::nullopt;

    friend bool operator==(const ResumePoint&, const ResumePoint&) = default;
};

class Walk {
  public:
    static constexpr int max_restarts = 3;
    static constexpr std::uint64_t max_pages = 10'000;
    /// Cursor pages in a row that bring no item that was not seen before, and name a next page all the same.
    static constexpr int max_fruitless = 3;

    /// `resume`: go on from where another owner stopped; such a walk ends unproven. A point at the very
    /// beginning resumes nothing.
    explicit Walk(const ports::StreamFacts& facts, std::optional<ResumePoint> resume = std::nullopt);

    [[nodiscard]] ports::PageRequest next() const;

    /// Whether next() asks for the first page of all.
    [[nodiscard]] bool at_first_page() const { return !cursor_ && offset_ == 0 && !last_key_; }

    /// Takes the answer to next(). Errc::contract where the provider's paging cannot be followed (repeated
    /// cursor, no progress, too many pages): the walk is over and partial.
    Result<void> take(const Page& page);

    /// True until the first answer since the walk was resumed was taken.
    [[nodiscard]] bool at_resume_point() const { return resumed_ && pages_ == 0; }

    /// The provider does not take the point that the walk was resumed at: from the beginning, which proves as
    /// much as any other walk.
    void start_over();
    /// The walk failed for a reason of its own (a request failed): it is over and partial.
    void stop(std::string reason);

    [[nodiscard]] bool finished() const { return finished_; }

    [[nodiscard]] Completeness verdict() const { return verdict_; }

    /// Why the verdict is not complete, for a person.
    [[nodiscard]] const std::string& reason() const { return reason_; }

    /// Whether an item with this key was seen in the walk that gave the verdict.
    [[nodiscard]] bool saw(const std::string& key) const;
    /// After a page: where the next owner would go on.
    [[nodiscard]] ResumePoint resume_point() const;
    /// pages, count, total, restarts, overlap, resumed: what the verdict rests on.
    [[nodiscard]] json::Object evidence() const;

  private:
    void take_offset_page(const Page& page);
    Result<void> take_cursor_page(const Page& page);
    void remember(const Page& page);
    void restart(const std::string& why);
    void finish();

    ports::StreamFacts facts_;
    bool resumed_ = false;
    bool finished_ = false;
    Completeness verdict_ = Completeness::partial;
    std::string reason_;
    std::uint64_t pages_ = 0;
    int restarts_ = 0;
    int fruitless_ = 0;
    /// The keys of this walk as 16-byte names: bounded memory for any key length.
    std::unordered_set<Uuid> seen_;
    std::optional<std::uint64_t> total_;
    bool end_unsaid_ = false;
    std::uint64_t offset_ = 0;
    std::optional<std::string> last_key_;
    std::optional<std::string> cursor_;
    std::unordered_set<std::string> cursors_;
};

}  // namespace tributary::domain
