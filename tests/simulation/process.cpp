#include "tests/simulation/process.hpp"

#include <spdlog/logger.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "tests/simulation/observations.hpp"

namespace tributary::simulation {

using domain::Result;
using domain::ports::Task;

domain::Timestamp ProcessClock::now() const {
    return timestamp_of(timeline_.now() + wrong_by_);
}

std::chrono::steady_clock::time_point ProcessClock::steady_now() const {
    return std::chrono::steady_clock::time_point(timeline_.now());
}

Task<Result<void>> ProcessClock::sleep(std::chrono::steady_clock::duration duration) {
    co_await timeline_.wait(process_, duration);
    co_return Result<void>();
}

std::string PlainSealer::seal(std::string_view plain, std::string_view /*context*/) {
    return std::string(plain);
}

Result<std::string> PlainSealer::open(std::string_view sealed, std::string_view /*context*/) const {
    return std::string(sealed);
}

std::string PlainSealer::fingerprint(std::string_view purpose, std::string_view text) const {
    constexpr std::size_t size = 32;
    std::uint64_t mixed = 0xCBF29CE484222325U;
    const auto mix = [&mixed](std::string_view bytes) {
        for (const char c : bytes) {
            mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        }
    };
    mix(purpose);
    mix("\x1f");
    mix(text);
    Dice spread(mixed);
    std::string out;
    while (out.size() < size) {
        out.push_back(static_cast<char>(spread.next()));
    }
    return out;
}

Task<Result<domain::ports::HttpAnswer>> NoTransport::send(domain::ports::HttpCall /*call*/) {
    co_return domain::fail(domain::Errc::internal, "There is no HTTP in the simulation.");
}

namespace {

const std::shared_ptr<spdlog::logger>& silent_log() {
    static const auto log = [] {
        auto made = std::make_shared<spdlog::logger>("simulation");
        made->set_level(spdlog::level::off);
        return made;
    }();
    return log;
}

sync::WorkerOptions options_of(const domain::Uuid& owner, std::string_view provider, std::size_t places) {
    sync::WorkerOptions options;
    options.owner = owner;
    options.provider = provider;
    options.concurrent_runs = places;
    // A second or twenty make no difference to what is checked, but to how long it takes.
    options.longest_idle = std::chrono::seconds(15);
    return options;
}

}  // namespace

Process::Process(ProcessId id, std::size_t machine, std::size_t places, StoreTools& store, BankTools& banks)
    : id_(id),
      machine_(machine),
      owner_(domain::named_uuid({}, "process " + std::to_string(id))),
      places_(places),
      timeline_(store.timeline),
      clock_(store.timeline, id),
      random_(store.dice),
      pages_(Transactions(store, id)),
      connections_(Transactions(store, id)),
      io_(std::make_unique<boost::asio::io_context>(1)) {
    for (const Bank* bank : banks.truth.banks()) {
        providers_.add(std::make_unique<SimulatedProvider>(banks, bank->name(), id));
    }
    sync::SyncTools tools{pages_,      connections_, sealer_, providers_, {transport_, clock_, random_},
                          silent_log()};
    for (const Bank* bank : banks.truth.banks()) {
        workers_.push_back(std::make_unique<sync::Worker>(io_->get_executor(), tools,
                                                          options_of(owner_, bank->name(), places_)));
        boost::asio::co_spawn(*io_, workers_.back()->run(), [this](std::exception_ptr) { ended = true; });
    }
}

Process::~Process() {
    // What it waits for goes first: the coroutines behind it unwind on the executor, and with it.
    timeline_.drop(id_);
    poll();
    io_.reset();
}

void Process::poll() {
    io_->restart();
    io_->poll();
}

}  // namespace tributary::simulation
