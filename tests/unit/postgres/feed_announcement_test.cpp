#include "adapters/postgres/feed_announcement.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "adapters/postgres/feed_outbox.hpp"

#include <poll.h>

using namespace tributary;
using postgres::FeedMove;
using postgres::FeedOutbox;

namespace {

domain::Uuid tenant(int number) {
    return domain::named_uuid({}, std::to_string(number));
}

bool is_readable(const FeedOutbox& outbox) {
    pollfd wanted{outbox.descriptor(), POLLIN, 0};
    return ::poll(&wanted, 1, 0) == 1;
}

}  // namespace

TEST_CASE("as many commits as an announcement takes fit a notification, and are read back") {
    std::vector<FeedMove> moves;
    for (std::size_t i = 0; i < postgres::most_moves; ++i) {
        moves.push_back({tenant(static_cast<int>(i)), std::numeric_limits<std::int64_t>::max()});
    }
    const std::string text = postgres::feed_announcement(moves);
    CHECK(text.size() < 8'000);
    CHECK(postgres::parse_feed_announcement(text) == moves);
}

TEST_CASE("what is no line of an announcement is left out of it") {
    const std::string known = to_text(tenant(1));
    const std::vector<FeedMove> only{{tenant(1), 7}};
    CHECK(postgres::parse_feed_announcement(known + " 7") == only);
    CHECK(postgres::parse_feed_announcement("x\n\n" + known + " 7\n" + known + " 8x\n" + known + "\n" +
                                            known + " -1\n" + known + " 99999999999999999999\nnobody 3\n") ==
          only);
    CHECK(postgres::parse_feed_announcement("").empty());
}

TEST_CASE("an outbox tells of each tenant's last commit once") {
    FeedOutbox outbox;
    CHECK(outbox.take().empty());
    CHECK_FALSE(is_readable(outbox));
    outbox.add(tenant(1), 5);
    outbox.add(tenant(1), 7);
    outbox.add(tenant(1), 6);
    CHECK(is_readable(outbox));
    CHECK(postgres::parse_feed_announcement(outbox.take()) == std::vector<FeedMove>{{tenant(1), 7}});
    CHECK_FALSE(is_readable(outbox));
    CHECK(outbox.take().empty());
}

TEST_CASE("an outbox of many tenants is emptied by several announcements, and can be read until then") {
    FeedOutbox outbox;
    for (int i = 0; i < 300; ++i) {
        outbox.add(tenant(i), i + 1);
    }
    std::size_t told = 0;
    for (int announcements = 0; announcements < 3; ++announcements) {
        CHECK(is_readable(outbox));
        told += postgres::parse_feed_announcement(outbox.take()).size();
    }
    CHECK(told == 300);
    CHECK_FALSE(is_readable(outbox));
}
