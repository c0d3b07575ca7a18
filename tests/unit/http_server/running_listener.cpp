#include "running_listener.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <boost/asio/co_spawn.hpp>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <stdexcept>
#include <utility>

#include "tests/support/run_task.hpp"

namespace tributary::tests {

namespace asio = boost::asio;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

/// Counts the answers of one connection.
struct Remembered final : domain::ports::ConnectionMemory {
    explicit Remembered(std::atomic<int>& counter) : forgotten(counter) {}

    Remembered(const Remembered&) = delete;
    Remembered& operator=(const Remembered&) = delete;

    ~Remembered() override { ++forgotten; }

    std::atomic<int>& forgotten;
    int answers = 0;
};

std::string whole_target(std::string_view method, std::string_view path, std::string_view query) {
    return std::string(method).append(" ").append(path).append("?").append(query).append("\n");
}

std::string described(const domain::ports::RequestView& request) {
    std::string text = whole_target(request.method, request.path, request.query);
    for (const auto& field : request.fields) {
        text.append(field.name).append("=").append(field.value).append("\n");
    }
    return text;
}

std::string described(const HttpRequest& request) {
    std::string text = whole_target(request.method, request.path, request.query);
    for (const auto& [name, value] : request.fields) {
        text.append(name).append("=").append(value).append("\n");
    }
    return text;
}

}  // namespace

bool ScriptedHandler::at_once(const domain::ports::RequestView& request,
                              std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                              domain::ports::ReadyReply& reply) {
    {
        const std::scoped_lock lock(mutex_);
        seen_.asked.emplace_back(request.query);
        if (!request.path.starts_with("/ready")) seen_.left = described(request);
    }
    // What a handler wrote before it changed its mind must not be sent.
    reply.fields = "X-Ready: yes\r\n";
    reply.varying.append("X-Varying: ").append(request.method).append("\r\n");
    if (request.path == "/ready-throw") throw std::runtime_error("secret inner text");
    if (request.path == "/ready-status") reply.status = 100;
    if (request.path == "/ready-304") reply.status = 304;
    if (!request.path.starts_with("/ready")) return false;
    if (!memory) memory = std::make_unique<Remembered>(forgotten);
    auto& remembered = dynamic_cast<Remembered&>(*memory);
    const bool large = request.path == "/ready-large";
    const auto body =
        std::make_shared<const std::string>(large ? std::string(std::stoul(std::string(request.query)), 'x')
                                                  : "ready " + std::to_string(++remembered.answers));
    reply.body = *body;
    reply.owner = body;
    return true;
}

ScriptedHandler::Seen ScriptedHandler::seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
}

Task<std::optional<HttpReply>> ScriptedHandler::admit(HttpRequest& head) {
    if (head.path == "/private") co_return HttpReply{.status = 401, .body = "who are you"};
    co_return std::nullopt;
}

Task<HttpReply> ScriptedHandler::handle(HttpRequest request) {
    {
        const std::scoped_lock lock(mutex_);
        seen_.handled = described(request);
    }
    if (request.path == "/hold" || request.path == "/deaf") co_await hold(request.path == "/deaf");
    if (request.path == "/throw") throw std::runtime_error("secret inner text");
    if (request.path == "/empty") co_return HttpReply{.status = 204, .body = "not to be sent"};
    if (request.path == "/large") co_return HttpReply{.body = std::string(std::stoul(request.query), 'x')};
    if (request.query == "stream") co_return std::exchange(stream, {});
    HttpReply reply;
    reply.fields.add("Content-Type", "text/plain");
    reply.fields.add("Content-Length", "999");
    if (request.path == "/bad-field") reply.fields.add("X-Split", "a\r\nX-Evil: b");
    if (request.path == "/close") reply.fields.add("Connection", "close");
    reply.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
    co_return reply;
}

Task<void> ScriptedHandler::hold(bool deaf) {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    {
        const std::scoped_lock lock(mutex_);
        timer_ = timer;
    }
    held_.release();
    if (deaf) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    boost::system::error_code ended;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ended));
    const std::scoped_lock lock(mutex_);
    if (!std::exchange(released_, false)) throw boost::system::system_error(ended);
}

void ScriptedHandler::release() {
    const std::scoped_lock lock(mutex_);
    released_ = true;
    if (const auto timer = timer_.lock()) asio::post(timer->get_executor(), [timer] { timer->cancel(); });
}

domain::Timestamp FixedClock::now() const {
    using namespace std::chrono;
    return sys_days(year(2026) / 1 / 2) + hours(3) + minutes(4) + seconds(5);
}

std::chrono::steady_clock::time_point FixedClock::steady_now() const {
    return std::chrono::steady_clock::now();
}

Task<domain::Result<void>> FixedClock::sleep(std::chrono::steady_clock::duration) {
    co_return domain::Result<void>();
}

void CountingRandom::fill(std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out) {
        byte = next_++;
    }
}

RunningListener::RunningListener(http::ListenerOptions options, std::size_t threads) {
    std::vector<asio::io_context*> loops;
    for (std::size_t i = 0; i < threads; ++i) {
        loops.push_back(loops_.emplace_back(std::make_unique<asio::io_context>(1)).get());
    }
    auto listener = http::Listener::listen(loops, std::move(options));
    REQUIRE(listener);
    listener_ = std::make_unique<http::Listener>(std::move(*listener));
    listener_->serve({.handler = handler, .clock = clock_, .random = random_});
    for (asio::io_context* loop : loops) {
        threads_.emplace_back([loop] {
            const auto keep_running = asio::make_work_guard(*loop);
            loop->run();
        });
    }
}

RunningListener::~RunningListener() {
    for (const auto& loop : loops_) {
        loop->stop();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    listener_.reset();
}

std::size_t RunningListener::stop(std::chrono::milliseconds grace) {
    return run_task(listener_->stop(grace));
}

std::size_t RunningListener::stop_after(const std::function<void()>& work, std::chrono::milliseconds grace) {
    asio::io_context own;
    std::future<std::size_t> held;
    std::promise<void> begun;
    asio::post(*loops_.front(), [&] {
        work();
        held = asio::co_spawn(own, listener_->stop(grace), asio::use_future);
        own.poll();
        begun.set_value();
    });
    begun.get_future().wait();
    own.run();
    return held.get();
}

void RunningListener::while_busy(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(*loops_.front(), [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

http::ListenerOptions quick_options() {
    using namespace std::chrono_literals;
    http::ListenerOptions options;
    options.phases = {.idle = 2s,
                      .header = 300ms,
                      .body = 300ms,
                      .handler = 300ms,
                      .write = 300ms,
                      .linger = 300ms,
                      .tick = 10ms};
    return options;
}

std::string Answer::field(std::string_view name) const {
    const auto start = head.find("\r\n" + std::string(name) + ": ");
    if (start == std::string::npos) return {};
    const auto value = start + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
}

RawClient::RawClient() : socket_(io_, asio::ip::tcp::v4()) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socket_.set_option(asio::ip::tcp::no_delay(true));
}

RawClient::RawClient(std::uint16_t port) : RawClient() {
    connect(port);
}

void RawClient::connect(std::uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
}

void RawClient::send(std::string_view bytes) {
    boost::system::error_code server_closed_first;
    asio::write(socket_, asio::buffer(bytes), server_closed_first);
}

void RawClient::send_bytewise(std::string_view bytes) {
    for (const char& byte : bytes) {
        send({&byte, 1});
    }
}

void RawClient::finish_sending() {
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send);
}

// Plain recv(), because Asio would wait again where SO_RCVTIMEO gives up.
bool RawClient::receive() {
    std::array<char, 16384> bytes{};
    const auto count = ::recv(socket_.native_handle(), bytes.data(), bytes.size(), 0);
    const bool gave_up = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    REQUIRE_FALSE_MESSAGE(gave_up, "the server neither answered nor closed the connection");
    if (count < 0) was_reset_ = true;
    if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

Answer RawClient::read_answer(bool has_body) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive()) return {};
    }
    Answer answer{
        .status = std::stoi(received_.substr(9, 3)), .head = received_.substr(0, end + 2), .body = {}};
    received_.erase(0, end + 4);
    const auto length = answer.field("Content-Length");
    const std::size_t wanted = has_body && !length.empty() ? std::stoul(length) : 0;
    while (received_.size() < wanted && receive()) {
    }
    answer.body = received_.substr(0, wanted);
    received_.erase(0, wanted);
    return answer;
}

bool RawClient::has_answer_within(std::chrono::milliseconds patience) {
    pollfd wanted{.fd = socket_.native_handle(), .events = POLLIN, .revents = 0};
    return !received_.empty() || ::poll(&wanted, 1, static_cast<int>(patience.count())) > 0;
}

std::string RawClient::read_through(std::string_view last) {
    std::size_t at = 0;
    while ((at = received_.find(last)) == std::string::npos) {
        if (!receive()) return std::exchange(received_, {});
    }
    std::string bytes = received_.substr(0, at + last.size());
    received_.erase(0, bytes.size());
    return bytes;
}

void RawClient::hang_up() {
    socket_.close();
}

void RawClient::break_off() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
}

std::string RawClient::read_to_end() {
    while (receive()) {
    }
    return std::exchange(received_, {});
}

std::size_t count_answers(std::string_view bytes) {
    std::size_t count = 0;
    for (auto at = bytes.find("HTTP/1.1 "); at != std::string_view::npos;
         at = bytes.find("HTTP/1.1 ", at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace tributary::tests
