#include "adapters/upvest/provider.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/upvest/change_desk.hpp"
#include "adapters/upvest/client.hpp"
#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/field_origins.hpp"
#include "adapters/upvest/login.hpp"
#include "adapters/upvest/path_id.hpp"
#include "adapters/upvest/webhook_desk.hpp"
#include "adapters/upvest/webhook_receiver.hpp"

namespace tributary::upvest {

using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::ActionKind;
using domain::ports::PageRequest;
using domain::ports::StreamFacts;
using domain::ports::Task;

namespace {

/// Upvest, list parameters: a limit is 1 to 1000.
constexpr std::uint32_t largest_page = 1000;
constexpr std::string_view groups_of_user = "user_account_groups";
/// 10,000 account groups of one user; a walk beyond that is going in circles.
constexpr int max_pages_in_a_read = 10;

StreamFacts list_stream(std::string name, EntityKind kind) {
    StreamFacts facts;
    facts.name = std::move(name);
    facts.kind = kind;
    facts.paging = domain::ports::Paging::offset;
    facts.page_limit = largest_page;
    facts.has_total = true;
    facts.has_single_read = true;
    facts.single_read_is_whole = true;
    return facts;
}

/// Groups name users, accounts name groups: each stream comes after what it refers to.
const std::array<StreamFacts, 3>& all_streams() {
    static const std::array<StreamFacts, 3> streams = {
        list_stream("users", EntityKind::profile), list_stream("account_groups", EntityKind::account_group),
        list_stream("accounts", EntityKind::account)};
    return streams;
}

const StreamFacts* find_stream(std::string_view name) {
    const auto found = std::ranges::find(all_streams(), name, &StreamFacts::name);
    return found == all_streams().end() ? nullptr : &*found;
}

/// By creation, because that order does not move while it is walked: a sort by update would.
std::string list_target(const std::string& path, std::uint64_t offset, std::uint32_t limit) {
    return path + "?sort=created_at&order=ASC&offset=" + std::to_string(offset) +
           "&limit=" + std::to_string(std::clamp(limit, 1U, largest_page));
}

/// An answer that cannot be read is told with the path that was asked, without the ids in it.
Result<Page> told(std::string_view asked, Result<Page> page) {
    if (!page) {
        page.error().detail = "Upvest, asked for " + std::string(asked) + ": " + page.error().detail;
    }
    return page;
}

void append(Page& whole, Page part) {
    std::ranges::move(part.observations, std::back_inserter(whole.observations));
    std::ranges::move(part.quarantined, std::back_inserter(whole.quarantined));
    std::ranges::move(part.drift, std::back_inserter(whole.drift));
    std::ranges::move(part.item_keys, std::back_inserter(whole.item_keys));
    whole.total = part.total;
}

bool repeats_an_item(const Page& page) {
    return std::set(page.item_keys.begin(), page.item_keys.end()).size() != page.item_keys.size();
}

class UpvestSession final : public domain::ports::ProviderSession {
  public:
    explicit UpvestSession(Requester requester) : client_(std::move(requester)) {}

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return all_streams(); }

    Task<Result<Page>> fetch(const std::string& stream, PageRequest request) override {
        const StreamFacts* facts = find_stream(stream);
        if (facts == nullptr) {
            co_return domain::fail(Errc::invalid_input, "Upvest has no such stream.");
        }
        std::string target = list_target("/" + facts->name, request.offset, request.limit);
        const Result<std::string> body = co_await client_.get(std::move(target), Subject::list);
        co_return body ? told("/" + facts->name, decode_list(facts->kind, *body))
                       : std::unexpected(body.error());
    }

    Task<Result<Page>> read(const std::string& stream, const std::string& provider_id) override {
        if (!fits_in_path(provider_id)) {
            co_return domain::fail(Errc::invalid_input, "This is not an id that Upvest could have given.");
        }
        if (stream == groups_of_user) {
            Result<Page> page = co_await read_groups_of(provider_id);
            co_return page;
        }
        const StreamFacts* facts = find_stream(stream);
        if (facts == nullptr) {
            co_return domain::fail(Errc::invalid_input, "Upvest has no such stream.");
        }
        std::string target = "/" + facts->name + "/" + provider_id;
        const Result<std::string> body = co_await client_.get(std::move(target), Subject::single_object);
        co_return body ? told("/" + facts->name + "/{id}", decode_single(facts->kind, provider_id, *body))
                       : std::unexpected(body.error());
    }

    [[nodiscard]] domain::ports::WebhookDesk* webhooks() override { return &desk_; }

    [[nodiscard]] domain::ports::ActionDesk* actions() override { return &changes_; }

  private:
    Task<Result<Page>> read_groups_of(const std::string& user) {
        const std::string path = "/users/" + user + "/account_groups";
        Page whole;
        for (int i = 0; i < max_pages_in_a_read; ++i) {
            std::string target = list_target(path, whole.item_keys.size(), largest_page);
            const Result<std::string> body = co_await client_.get(std::move(target), Subject::single_object);
            if (!body) {
                co_return std::unexpected(body.error());
            }
            Result<Page> page =
                told("/users/{id}/account_groups", decode_list(EntityKind::account_group, *body));
            if (!page) {
                co_return page;
            }
            const bool follows = i == 0 || (page->total == whole.total && !page->item_keys.empty());
            append(whole, *std::move(page));
            if (!follows || repeats_an_item(whole) || whole.item_keys.size() > whole.total) {
                break;
            }
            if (whole.item_keys.size() == whole.total) {
                co_return whole;
            }
        }
        co_return domain::fail(
            Errc::contract,
            "Upvest's list of a user's account groups has no end or changed while it was read.");
    }

    Client client_;
    Desk desk_{client_};
    ChangeDesk changes_{client_, *this};
};

template <class T>
std::vector<domain::Error> faults_of(const Checked<T>& read) {
    return read ? std::vector<domain::Error>() : read.error();
}

class UpvestProvider final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "upvest"; }

    [[nodiscard]] std::span<const StreamFacts> streams() const override { return all_streams(); }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object& settings,
                                                   const json::Object& credentials) const override {
        auto login = read_login(settings, credentials);
        return login ? std::vector<domain::Error>{} : std::move(login.error());
    }

    [[nodiscard]] std::optional<domain::ports::FieldOrigin> field_origin(
        std::string_view stream, std::string_view field) const override {
        return decode::origin_in(field_origins(stream), field);
    }

    /// Upvest's objects say all of themselves, whoever asked.
    [[nodiscard]] Result<Page> decode(std::string_view stream, const json::Value& raw,
                                      const domain::SelfIds&) const override {
        const StreamFacts* facts = find_stream(stream);
        if (facts == nullptr) {
            return domain::fail(Errc::invalid_input, "Upvest has no such stream.");
        }
        Page page;
        decode_item(facts->kind, raw, page);
        return page;
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext context, domain::ports::ProviderTools tools) const override {
        auto login = read_login(context.settings, context.credentials);
        if (!login) {
            return domain::fail(
                Errc::configuration,
                "The connection's Upvest settings or credentials are not usable; check them anew.",
                login.error().front().pointer);
        }
        return std::make_unique<UpvestSession>(Requester(context.base_url, std::move(*login), tools));
    }

    [[nodiscard]] const domain::ports::WebhookReceiver* webhooks() const override { return &webhooks_; }

    [[nodiscard]] bool takes(ActionKind kind) const override {
        return kind == ActionKind::create_account_group || kind == ActionKind::close_account_group;
    }

    [[nodiscard]] std::vector<domain::Error> check_action(ActionKind kind,
                                                          const json::Object& arguments) const override {
        return kind == ActionKind::create_account_group ? faults_of(read_creation_order(arguments))
                                                        : faults_of(read_closure_order(arguments));
    }

  private:
    UpvestWebhooks webhooks_;
};

}  // namespace

std::unique_ptr<domain::ports::Provider> make_provider() {
    return std::make_unique<UpvestProvider>();
}

}  // namespace tributary::upvest
