#include "tests/simulation/provider.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "domain/json/write.hpp"
#include "domain/page_fate.hpp"
#include "domain/try.hpp"
#include "tests/simulation/observations.hpp"

namespace tributary::simulation {

using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::PageRequest;
using domain::ports::Paging;
using domain::ports::StreamFacts;
using domain::ports::Task;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::span<const StreamFacts> streams_of(std::string_view bank) {
    static const std::array<StreamFacts, 4> alpha = {
        StreamFacts{.name = "me", .kind = EntityKind::profile},
        StreamFacts{.name = "users",
                    .kind = EntityKind::profile,
                    .paging = Paging::cursor,
                    .page_limit = 3,
                    .fullness = 1,
                    .may_be_denied = true},
        StreamFacts{.name = "preferences", .kind = EntityKind::profile},
        StreamFacts{.name = "accounts",
                    .kind = EntityKind::account,
                    .paging = Paging::offset,
                    .page_limit = 4,
                    .has_total = true,
                    .has_single_read = true}};
    static const std::array<StreamFacts, 3> beta = {StreamFacts{.name = "users",
                                                                .kind = EntityKind::profile,
                                                                .paging = Paging::offset,
                                                                .page_limit = 3,
                                                                .has_total = true,
                                                                .has_single_read = true},
                                                    StreamFacts{.name = "account_groups",
                                                                .kind = EntityKind::account_group,
                                                                .paging = Paging::cursor,
                                                                .page_limit = 2,
                                                                .has_single_read = true},
                                                    StreamFacts{.name = "accounts",
                                                                .kind = EntityKind::account,
                                                                .paging = Paging::offset,
                                                                .page_limit = 3,
                                                                .has_total = true}};
    return bank == "alpha" ? std::span<const StreamFacts>(alpha) : std::span<const StreamFacts>(beta);
}

Collection collection_of(const std::string& stream) {
    if (stream == "accounts") {
        return Collection::accounts;
    }
    if (stream == "account_groups") {
        return Collection::groups;
    }
    return stream == "preferences" ? Collection::preferences : Collection::profiles;
}

std::vector<const Object*> shown(const Bank& bank, const std::string& stream, std::size_t place) {
    if (stream == "me") {
        // The first profiles own the connections.
        const auto& profiles = bank.objects(Collection::profiles);
        return {&std::next(profiles.begin(), static_cast<std::ptrdiff_t>(place))->second};
    }
    return bank.list(collection_of(stream), place);
}

namespace {

constexpr seconds longest_throttle{90};

class Session final : public domain::ports::ProviderSession {
  public:
    Session(BankTools& tools, std::string bank, ProcessId process, const domain::Uuid& connection)
        : tools_(tools),
          bank_(tools.truth.bank(bank)),
          process_(process),
          connection_(connection),
          place_(tools.places.at(connection)) {}

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return streams_of(bank_.name()); }

    Task<Result<Page>> fetch(const std::string& stream, PageRequest request) override {
        const domain::Timestamp asked = tools_.wall(process_);
        co_await travel();
        tools_.truth.let_change(bank_);
        Result<Page> answer = co_await answer_of(stream, request, asked);
        co_await travel(Fault::kill_after_fetch);
        if (answer) {
            arrived(stream, request, *answer);
        }
        tools_.trace.note("p{} {} {}[{}] from {}{}: {}", process_, bank_.name(), stream, place_,
                          request.offset, request.cursor.value_or(""),
                          answer ? std::to_string(answer->item_keys.size()) + " items"
                                 : std::string(name_of(answer.error().code)));
        co_return answer;
    }

    Task<Result<Page>> read(const std::string& stream, const std::string& provider_id) override {
        co_await travel();
        tools_.truth.let_change(bank_);
        Result<Page> answer = read_now(stream, provider_id);
        co_await travel(Fault::kill_after_fetch);
        tools_.trace.note("p{} {} reads {}/{}: {}", process_, bank_.name(), stream, provider_id,
                          answer ? "there" : std::string(name_of(answer.error().code)));
        co_return answer;
    }

  private:
    Task<void> travel(Fault death = Fault::kill_before_fetch) {
        const bool dies = tools_.dies(process_, death);
        co_await tools_.timeline.wait(
            process_, dies ? milliseconds(1) : tools_.dice.between(milliseconds(5), milliseconds(800)));
    }

    /// Failures of the request as a whole.
    Task<Result<void>> fail_maybe() {
        Timeline& timeline = tools_.timeline;
        FaultPlan& faults = tools_.faults;
        if (timeline.now() < bank_.blocked_until) {
            co_return throttled();
        }
        if (faults.strikes(Fault::throttled)) {
            bank_.blocked_until = timeline.now() + seconds(tools_.dice.between(1, longest_throttle.count()));
            co_return throttled();
        }
        if (faults.strikes(Fault::server_error)) {
            co_return domain::fail(Errc::unavailable, "500");
        }
        if (faults.strikes(Fault::timeout)) {
            co_await timeline.wait(process_, seconds(30));
            co_return domain::fail(Errc::timed_out, "no answer");
        }
        if (faults.strikes(Fault::truncated_page)) {
            co_return domain::fail(Errc::contract, "the body ended early");
        }
        if (faults.strikes(Fault::permission_denied)) {
            co_return domain::fail(Errc::permission_denied, "403");
        }
        if (faults.strikes(Fault::credentials_refused)) {
            co_return domain::fail(Errc::unauthenticated, "401");
        }
        co_return Result<void>();
    }

    [[nodiscard]] std::unexpected<domain::Error> throttled() const {
        const auto left = std::chrono::ceil<seconds>(bank_.blocked_until - tools_.timeline.now());
        return std::unexpected(domain::Error{Errc::throttled, "429", "", left});
    }

    Task<Result<Page>> answer_of(const std::string& stream, PageRequest request, domain::Timestamp asked) {
        Result<void> passed = co_await fail_maybe();
        if (!passed) {
            co_return std::unexpected(std::move(passed).error());
        }
        const StreamFacts* facts = facts_of(stream);
        WitnessedWalk& walk = tools_.witness.walk(process_, connection_, stream);
        if (request.offset > 0 && bank_.list_changed_at(collection_of(stream)) > walk.last_answer) {
            tools_.faults.count(Fault::shifted_offset);
        }
        const bool first_page = request.offset == 0 && !request.cursor;
        if (first_page || !asked_.contains(stream)) {
            walk = {};
            walk.started = tools_.timeline.now();
            walk.asked = asked;
            walk.from_the_start = first_page;
            asked_.insert(stream);
        }
        walk.last_answer = tools_.timeline.now();
        Page page = page_of(*facts, request);
        spoil(*facts, request, page);
        co_return page;
    }

    [[nodiscard]] const StreamFacts* facts_of(const std::string& stream) const {
        return &*std::ranges::find(streams(), stream, &StreamFacts::name);
    }

    [[nodiscard]] Page page_of(const StreamFacts& facts, const PageRequest& request) const {
        const std::vector<const Object*> all = shown(bank_, facts.name, place_);
        auto first = all.begin();
        auto last = all.end();
        Page page;
        if (facts.paging == Paging::offset) {
            first += static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(request.offset, all.size()));
            page.total = all.size();
        } else if (facts.paging == Paging::cursor) {
            const auto after = cursor_position(request);
            first =
                std::ranges::find_if(all, [&](const Object* object) { return object->position >= after; });
        }
        if (facts.paging != Paging::single && last - first > static_cast<std::ptrdiff_t>(request.limit)) {
            last = first + request.limit;
        }
        for (auto it = first; it != last; ++it) {
            page.observations.push_back(observation_of(tools_.truth, bank_, **it, facts.name));
            page.item_keys.push_back((*it)->key);
        }
        if (facts.paging == Paging::cursor && last != all.end()) {
            page.next_cursor = std::to_string((*last)->position);
        }
        if (facts.name == "me") {
            page.self.profile = all.front()->key;
        }
        return page;
    }

    [[nodiscard]] static std::uint64_t cursor_position(const PageRequest& request) {
        std::uint64_t position = 0;
        if (request.cursor) {
            std::from_chars(request.cursor->data(), request.cursor->data() + request.cursor->size(),
                            position);
        }
        return position;
    }

    /// Answers that look well and are not what was asked for.
    void spoil(const StreamFacts& facts, const PageRequest& request, Page& page) {
        FaultPlan& faults = tools_.faults;
        const bool first = request.offset == 0 && !request.cursor;
        const auto previous = previous_.find(facts.name);
        if (!first && previous != previous_.end() && faults.strikes(Fault::duplicated_page)) {
            page.observations = previous->second.observations;
            page.item_keys = previous->second.item_keys;
            if (facts.paging == Paging::cursor) {
                // Nothing is lost: what was asked for comes with the next page.
                page.next_cursor = *request.cursor + "again" + std::to_string(tools_.dice.below(1000));
            }
        } else if (page.observations.size() > 1 && faults.strikes(Fault::reordered_page)) {
            const std::size_t turn = 1 + tools_.dice.below(page.observations.size() - 1);
            std::ranges::rotate(page.observations,
                                page.observations.begin() + static_cast<std::ptrdiff_t>(turn));
            std::ranges::rotate(page.item_keys, page.item_keys.begin() + static_cast<std::ptrdiff_t>(turn));
        }
        if (facts.has_total) {
            page.total = lied_about(facts, first, *page.total);
        }
        // One single object that vanishes from a list cannot be told from a list that lost it.
        if (first && tools_.stored(connection_, facts.name) > 1 && faults.strikes(Fault::emptied_list)) {
            page.observations.clear();
            page.item_keys.clear();
            page.next_cursor.reset();
            page.total = facts.has_total ? std::optional<std::uint64_t>(0) : std::nullopt;
        }
        previous_[facts.name] = page;
        if (!page.observations.empty() && facts.name != "me" && faults.strikes(Fault::keyless_object)) {
            lose_keys(page, 1);
        } else if (page.observations.size() > 1 && faults.strikes(Fault::keyless_page)) {
            lose_keys(page, 2 + tools_.dice.below(page.observations.size() - 1));
        }
    }

    /// Of the last ones.
    static void lose_keys(Page& page, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            page.quarantined.push_back({std::move(page.observations.back().raw), "no key"});
            page.observations.pop_back();
            page.item_keys[page.item_keys.size() - 1 - i] = json::write(page.quarantined.back().raw);
        }
    }

    /// A wrong total stays equally wrong for the whole walk; otherwise it is only a list that changes.
    std::uint64_t lied_about(const StreamFacts& facts, bool first, std::uint64_t total) {
        std::int64_t& lie = lies_[facts.name];
        if (first) {
            const bool lies = tools_.faults.strikes(Fault::wrong_total);
            lie = !lies                     ? 0
                  : tools_.dice.chance(0.5) ? tools_.dice.between(-3, -1)
                                            : tools_.dice.between(1, 3);
        }
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(total) + lie));
    }

    void arrived(const std::string& stream, const PageRequest& request, const Page& page) {
        if (domain::fate_of_page(page.item_keys.size(), page.quarantined.size()) !=
            domain::PageFate::usable) {
            return;  // nobody takes anything from it
        }
        WitnessedWalk& walk = tools_.witness.walk(process_, connection_, stream);
        walk.keys.insert(page.item_keys.begin(), page.item_keys.end());
        const StreamFacts* facts = facts_of(stream);
        const bool last =
            facts->paging == Paging::single || (facts->paging == Paging::cursor && !page.next_cursor) ||
            (facts->paging == Paging::offset && request.offset + page.item_keys.size() >= page.total &&
             page.item_keys.size() < request.limit);
        walk.whole = last && walk.from_the_start;
        if (walk.from_the_start) {
            tools_.witness.fetched(connection_, stream, walk.asked, {tools_.timeline.now(), walk.whole});
        }
    }

    Result<Page> read_now(const std::string& stream, const std::string& key) {
        if (tools_.timeline.now() < bank_.blocked_until) {
            return throttled();
        }
        if (tools_.faults.strikes(Fault::read_failed)) {
            return domain::fail(Errc::unavailable, "500");
        }
        const Object* object = bank_.find(collection_of(stream), key);
        if (object == nullptr || !object->present || !Bank::sees(place_, *object)) {
            return domain::fail(Errc::gone, "404");
        }
        Page page;
        page.observations.push_back(observation_of(tools_.truth, bank_, *object, stream));
        page.item_keys.push_back(key);
        return page;
    }

    BankTools& tools_;
    Bank& bank_;
    ProcessId process_;
    domain::Uuid connection_;
    std::size_t place_;
    std::set<std::string> asked_;
    std::map<std::string, Page> previous_;
    std::map<std::string, std::int64_t> lies_;
};

}  // namespace

std::vector<domain::Error> SimulatedProvider::check(const json::Object& /*settings*/,
                                                    const json::Object& /*credentials*/) const {
    return {};
}

Result<Page> SimulatedProvider::decode(std::string_view stream, const json::Value& raw,
                                       const domain::SelfIds& /*self*/) const {
    const std::string name(stream);
    if (std::ranges::find(streams_of(name_), name, &StreamFacts::name) == streams_of(name_).end()) {
        return domain::fail(Errc::invalid_input, "The bank has no such stream.");
    }
    const json::Value* key = raw.find("key");
    Page page;
    if (key == nullptr || key->if_string() == nullptr) {
        page.quarantined.push_back({raw, "no key"});
        return page;
    }
    const Bank& bank = tools_.truth.bank(name_);
    const Object* object = bank.find(collection_of(name), *key->if_string());
    if (object == nullptr) {
        return domain::fail(Errc::contract, "The bank never had this object.");
    }
    page.observations.push_back(observation_of(tools_.truth, bank, *object, name));
    if (page.observations.front().raw != raw) {
        return domain::fail(Errc::contract, "The bank holds another version of this object.");
    }
    return page;
}

Result<std::unique_ptr<domain::ports::ProviderSession>> SimulatedProvider::open(
    domain::ports::ConnectionContext context, domain::ports::ProviderTools /*tools*/) const {
    return std::make_unique<Session>(tools_, name_, process_, context.id);
}

}  // namespace tributary::simulation
