#include "services/api/event_stream.hpp"

#include <atomic>
#include <limits>
#include <utility>

#include "domain/json/write.hpp"
#include "services/api/change_text.hpp"

namespace tributary::api {

using domain::ports::ChangePage;
using domain::ports::Task;

namespace {

/// Proxies close what is silent for longer.
constexpr std::chrono::seconds between_signs{15};
constexpr std::chrono::seconds between_questions{5};
constexpr std::chrono::hours longest{1};
constexpr std::chrono::seconds after_trouble{1};
/// No commit has a higher number, so that whoever waits for one waits for the time alone.
constexpr std::int64_t nothing_newer = std::numeric_limits<std::int64_t>::max();

class EventStream final : public domain::ports::ReplyStream {
  public:
    EventStream(const ChangeTools& tools, EventQuestion question)
        : tools_(tools),
          asked_(std::move(question)),
          began_(tools.clock.steady_now()),
          asked_at_(began_),
          told_at_(began_) {}

    Task<std::optional<std::string>> next() override {
        if (!begun_) {
            begun_ = true;
            newest_ = asked_.first.newest.number;
            co_return "retry: 1000\n\n" + take(std::move(asked_.first));
        }
        while (!stopped_) {
            const auto now = tools_.clock.steady_now();
            if (now - began_ >= longest || !co_await is_allowed(now)) {
                break;
            }
            auto page = co_await tools_.store.changes(asked_.tenant, asked_.query);
            if (!page && domain::is_retryable(page.error().code)) {
                // The database is away or busy: the reader need not come again for that, and no commit that
                // is announced meanwhile is a reason to ask it sooner.
                if (!co_await tools_.signal.wait(asked_.tenant, nothing_newer, after_trouble)) {
                    break;
                }
                continue;
            }
            if (!page) {
                break;
            }
            const bool more = page->more;
            newest_ = page->newest.number;
            if (std::string text = take(*std::move(page)); !text.empty()) {
                told_at_ = now;
                co_return text;
            }
            if (now - told_at_ >= between_signs) {
                told_at_ = now;
                co_return sign();
            }
            if (!more && !co_await tools_.signal.wait(asked_.tenant, newest_, between_questions)) {
                break;
            }
        }
        co_return std::nullopt;
    }

    void stop() noexcept override { stopped_ = true; }

  private:
    Task<bool> is_allowed(std::chrono::steady_clock::time_point now) {
        if (now - asked_at_ < between_questions) {
            co_return true;
        }
        asked_at_ = now;
        co_return co_await tools_.may_still_read(asked_.credentials, asked_.tenant);
    }

    /// What a page holds, and where to go on behind it.
    std::string take(ChangePage page) {
        std::string text;
        for (const domain::ports::StoredChange& change : page.changes) {
            text += "id: " + to_text(position_of(change)) +
                    "\nevent: change\ndata: " + json::write(change_object(change, asked_.variant)) + "\n\n";
        }
        asked_.query.after = page.next;
        return text;
    }

    /// That we are there, and how far we looked: filters may leave nothing for long.
    [[nodiscard]] std::string sign() const {
        return "id: " + to_text(*asked_.query.after) + "\nevent: position\ndata: {}\n\n";
    }

    const ChangeTools& tools_;
    EventQuestion asked_;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point asked_at_;
    std::chrono::steady_clock::time_point told_at_;
    std::int64_t newest_ = 0;
    bool begun_ = false;
    std::atomic<bool> stopped_ = false;
};

}  // namespace

std::shared_ptr<domain::ports::ReplyStream> event_stream(const ChangeTools& tools, EventQuestion question) {
    return std::make_shared<EventStream>(tools, std::move(question));
}

}  // namespace tributary::api
