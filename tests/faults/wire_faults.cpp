// P05 to P07, P09, P10, P17, P22, P30: bytes that are no proper HTTP, come too slowly or not at all.

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "tests/faults/catalogue.hpp"
#include "tests/faults/suffering.hpp"

namespace tributary::faults {

using domain::Result;
using std::chrono::milliseconds;
using End = WireAnswer::End;

namespace {

/// Long enough for a loaded machine on loopback, short enough to wait for again and again.
http::ClientOptions hasty() {
    http::ClientOptions client;
    client.header_limit = milliseconds(300);
    client.whole_limit = milliseconds(600);
    return client;
}

Suffering bytes(Trial& trial, std::function<WireAnswer(const HonestBytes&)> change, std::string_view code,
                http::ClientOptions client = {}) {
    return {
        .stage = {.provider = trial.provider(), .road = Road::wire, .client = std::move(client)},
        .begin = [&trial, change](
                     Stage& stage,
                     const std::string& target) { stage.bend_wire(with_bytes(trial, target, change)); },
        .judge =
            [&trial, code = std::string(code)](const Stage&, const Synced& synced, const std::string& where) {
                if (code.empty()) {
                    trial.expect(synced.well(), where + ": not survived: " + synced.outcome.error_detail);
                } else {
                    expect_error(trial, synced, code, where);
                }
            }};
}

/// The head with its Content-Length line replaced; an empty text leaves it out.
std::string with_length(std::string head, const std::string& line) {
    const std::size_t begin = head.find("Content-Length:");
    const std::size_t end = head.find("\r\n", begin) + 2;
    return head.replace(begin, end - begin, line.empty() ? "" : line + "\r\n");
}

std::string length_line(std::size_t size) {
    return "Content-Length: " + std::to_string(size);
}

std::string in_one_chunk(const std::string& body) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string size;
    for (std::size_t left = body.size(); left > 0; left /= 16) {
        size.insert(size.begin(), digits[left % 16]);
    }
    return size + "\r\n" + body + "\r\n0\r\n\r\n";
}

/// An answer that would empty the list, were it ever taken for one.
std::string poison(const std::string& provider) {
    std::string body = R"({"meta":{"count":0,"total_count":0,"offset":0,"limit":1000},"data":[]})";
    if (provider == "tdx") {
        body = R"({"result":[],"pagination":{"cursors":{"next":""}}})";
    } else if (provider == "tastytrade") {
        body = R"({"data":{"items":[]}})";
    }
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length_line(body.size()) + "\r\n\r\n" +
           body;
}

/// How long a fetch of the first page takes to fail.
std::chrono::steady_clock::duration time_to_fail(Trial& trial, Stage& stage, const std::string& what) {
    const auto session = stage.open();
    const std::string stream = session->streams().front().name;
    const auto before = std::chrono::steady_clock::now();
    const Result<domain::Page> page = stage.run(session->fetch(stream, {.cursor = {}, .limit = 1}));
    trial.expect(!page && page.error().code == domain::Errc::timed_out,
                 what + ": " + (page ? "taken" : std::string(name_of(page.error().code))));
    return std::chrono::steady_clock::now() - before;
}

WireFault dripping(Trial& trial, bool header, milliseconds step) {
    return [&trial, header, step](const Asked& asked, const std::function<HonestBytes()>& honest) {
        const HonestBytes bytes = honest();
        WireAnswer answer;
        if (asked.for_token()) {
            answer.pieces.push_back({bytes.head + bytes.body});
            return answer;
        }
        trial.struck();
        if (!header) {
            answer.pieces.push_back({bytes.head});
        }
        for (const char c : header ? bytes.head : bytes.body) {
            answer.pieces.push_back({std::string(1, c), step});
        }
        return answer;
    };
}

void drip(Trial& trial, bool header, const http::ClientOptions& client) {
    const milliseconds limit = header ? client.header_limit : client.whole_limit;
    Stage stage({.provider = trial.provider(), .road = Road::wire, .client = client});
    stage.pages();
    stage.bend_wire(dripping(trial, header, std::min(milliseconds(1000), limit / 20)));
    const std::string what = header ? "a header that drips" : "a body that drips";
    const auto took = time_to_fail(trial, stage, what);
    trial.expect(took <= limit + std::chrono::seconds(1), what + ": waited for too long");
    trial.expect(took >= limit - std::chrono::seconds(1), what + ": given up too soon");
}

domain::ports::Task<bool> wait(milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return true;
}

/// A second answer that comes while the connection is idle. (One that comes after the next request was sent
/// cannot be told from that request's answer; HTTP/1.1 has nothing to tell them apart by.)
void late_leftovers(Trial& trial) {
    Stage stage({.provider = trial.provider(), .road = Road::wire});
    stage.pages();
    const auto session = stage.open();
    const std::string stream = session->streams().front().name;
    const std::string poisoned = poison(trial.provider());
    const std::size_t times = trial.pick<std::size_t>(2, 50);
    for (std::size_t i = 0; i < times; ++i) {
        stage.bend_wire([&](const Asked& asked, const std::function<HonestBytes()>& honest) -> WireAnswer {
            const HonestBytes bytes = honest();
            if (asked.for_token()) {
                return {.pieces = {{bytes.head + bytes.body}}};
            }
            trial.struck();
            return {.pieces = {{bytes.head + bytes.body}, {poisoned, milliseconds(1)}}};
        });
        const auto first = stage.run(session->fetch(stream, {.cursor = {}, .limit = 1}));
        stage.heal();
        stage.run(wait(milliseconds(20)));
        const auto second = stage.run(session->fetch(stream, {.cursor = {}, .limit = 1}));
        trial.expect(first && second && first->item_keys == second->item_keys,
                     "a late leftover was read as an answer");
    }
}

/// A byte-wise cut of one recorded answer.
void reset_everywhere(Trial& trial) {
    Stage stage({.provider = trial.provider(), .road = Road::wire, .page_limit = 4});
    const std::string truth = (stage.pages(), stage.contents());
    const auto session = stage.open();
    const std::string stream = session->streams().front().name;
    std::size_t size = 0;
    std::size_t cut = 0;
    const auto cutting = [&](const Asked& asked, const std::function<HonestBytes()>& honest) -> WireAnswer {
        const HonestBytes bytes = honest();
        const std::string whole = bytes.head + bytes.body;
        if (asked.for_token()) {
            return {.pieces = {{whole}}};
        }
        trial.struck();
        size = whole.size();
        // What was sent must arrive before the reset does, or the kernel throws it away.
        return {.pieces = {{whole.substr(0, cut)}, {"", milliseconds(1)}}, .end = End::reset};
    };
    stage.bend_wire(cutting);
    for (cut = 0; cut == 0 || cut < size; cut += trial.pick<std::size_t>(397, 1)) {
        const auto page = stage.run(session->fetch(stream, {.cursor = {}, .limit = 4}));
        trial.expect(!page && page.error().code == domain::Errc::unavailable,
                     "reset after " + std::to_string(cut) +
                         " bytes: " + (page ? "taken" : std::string(name_of(page.error().code))));
    }
    for (cut = 1; cut < size; cut += trial.pick<std::size_t>(size / 2, 101)) {
        expect_failed(trial, stage.sync(), "reset after " + std::to_string(cut) + " bytes");
        trial.expect(stage.contents() == truth, "reset: rows were written");
        stage.pass(std::chrono::minutes(1));
    }
}

}  // namespace

void redirects(Trial& trial) {
    // Nobody accepts there: a connection would wait in the listener's queue.
    boost::asio::io_context io;
    using boost::asio::ip::tcp;
    tcp::acceptor trap(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    trap.non_blocking(true);
    const std::string elsewhere =
        "Location: http://127.0.0.1:" + std::to_string(trap.local_endpoint().port()) + "/\r\n";
    for (const int status : {301, 302, 303, 307, 308}) {
        const std::string line = "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\n";
        suffer(trial, bytes(
                          trial,
                          [line, elsewhere](const HonestBytes&) -> WireAnswer {
                              return {.pieces = {{line + elsewhere + length_line(0) + "\r\n\r\n"}}};
                          },
                          "contract"));
        if (!trial.full()) {
            break;
        }
    }
    tcp::socket caught(io);
    boost::system::error_code nothing;
    trap.accept(caught, nothing);
    trial.expect(nothing == boost::asio::error::would_block, "a redirect was followed");
}

void drips(Trial& trial) {
    const http::ClientOptions client = trial.full() ? http::ClientOptions{} : hasty();
    drip(trial, true, client);
    drip(trial, false, client);
}

void silence_and_resets(Trial& trial) {
    suffer(trial,
           bytes(
               trial, [](const HonestBytes&) -> WireAnswer { return {.pieces = {}, .end = End::hang}; },
               "timed_out", hasty()));
    reset_everywhere(trial);
}

void broken_framing(Trial& trial) {
    struct Frame {
        std::function<WireAnswer(const HonestBytes&)> bytes;
        std::string code;
    };

    const std::string provider = trial.provider();
    const std::vector<Frame> frames{
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head, length_line(is.body.size() - 10)) + is.body}}};
         },
         "contract"},
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head, length_line(is.body.size() + 10)) + is.body}},
                     .end = End::close};
         },
         "unavailable"},
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head, "") + is.body}}, .end = End::close};
         },
         "contract"},
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head,
                                             length_line(is.body.size()) + "\r\nTransfer-Encoding: chunked") +
                                 in_one_chunk(is.body)}}};
         },
         "contract"},
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head, "Transfer-Encoding: xchunked") + is.body}},
                     .end = End::close};
         },
         "contract"},
        {[](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{with_length(is.head, length_line(is.body.size()) + "\r\n" + length_line(3)) +
                                 is.body}}};
         },
         "contract"},
        // A second answer behind the first is never read as the next one's.
        {[provider](const HonestBytes& is) -> WireAnswer {
             return {.pieces = {{is.head + is.body + poison(provider)}}};
         },
         ""},
        {[](const HonestBytes& is) -> WireAnswer {
             return {
                 .pieces = {{with_length(is.head, "Transfer-Encoding: chunked") + in_one_chunk(is.body)}}};
         },
         ""}};
    for (const Frame& frame : frames) {
        suffer(trial, bytes(trial, frame.bytes, frame.code, hasty()));
    }
    late_leftovers(trial);
}

void interim_answers(Trial& trial) {
    const auto after = [](int status, int times) {
        return [status, times](const HonestBytes& is) -> WireAnswer {
            std::string interim;
            for (int i = 0; i < times; ++i) {
                interim += "HTTP/1.1 " + std::to_string(status) + " Wait\r\n\r\n";
            }
            return {.pieces = {{interim + is.head + is.body}}};
        };
    };
    for (const int status : {100, 102, 103}) {
        suffer(trial, bytes(trial, after(status, 1), ""));
        if (!trial.full()) {
            break;
        }
    }
    suffer(trial, bytes(trial, after(103, 5), ""));
    suffer(trial, bytes(trial, after(103, 6), "contract"));
    suffer(trial, bytes(trial, after(103, 1000), "contract"));
}

void huge_bodies(Trial& trial) {
    constexpr std::size_t cap = std::size_t{8} * 1024 * 1024;
    const auto padded = [](const std::string& body, std::size_t size) {
        return std::string(size - body.size(), ' ') + body;
    };
    suffer(trial, bytes(
                      trial,
                      [padded](const HonestBytes& is) -> WireAnswer {
                          return {.pieces = {{with_length(is.head, length_line(cap + 1))},
                                             {padded(is.body, cap + 1)}}};
                      },
                      "contract"));
    if (trial.full()) {
        suffer(trial, bytes(
                          trial,
                          [padded](const HonestBytes& is) -> WireAnswer {
                              return {.pieces = {{with_length(is.head, "Transfer-Encoding: chunked")},
                                                 {in_one_chunk(padded(is.body, cap + 1))}}};
                          },
                          "contract"));
    }
}

void compressed(Trial& trial) {
    suffer(trial, bytes(
                      trial,
                      [](const HonestBytes& is) -> WireAnswer {
                          const std::string gzip("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03", 10);
                          return {.pieces = {{with_length(is.head, "Content-Encoding: gzip\r\n" +
                                                                       length_line(gzip.size())) +
                                              gzip}}};
                      },
                      "contract"));
}

void dying_connections(Trial& trial) {
    Stage stage({.provider = trial.provider(), .road = Road::wire});
    const std::string truth = (stage.pages(), stage.contents());
    simulation::Dice dice(30);
    // Says that the connection may be used again, and closes it in the moment in which it is.
    stage.bend_wire([&](const Asked&, const std::function<HonestBytes()>& honest) -> WireAnswer {
        const HonestBytes bytes = honest();
        const bool dies = dice.chance(0.5);
        if (dies) {
            trial.struck();
        }
        std::vector<Piece> pieces{{bytes.head + bytes.body}};
        if (dies && dice.chance(0.3)) {
            pieces.push_back({"", milliseconds(1)});
        }
        return {.pieces = std::move(pieces), .end = dies ? End::close : End::keep};
    });
    const std::size_t requests = trial.pick<std::size_t>(20, 10'000);
    std::size_t asked = 0;
    while (asked < requests) {
        const Synced synced = stage.sync();
        asked += synced.asked;
        if (!trial.expect(synced.well(), "a kept connection died: " + synced.outcome.error_detail)) {
            break;
        }
    }
    trial.expect(stage.contents() == truth, "kept connections died: what was stored changed");
}

}  // namespace tributary::faults
