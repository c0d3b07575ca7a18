#include "upvest_pages.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/provider.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/population/generate.hpp"

namespace tributary::bench {

using domain::Result;
using domain::ports::Task;

namespace {

constexpr std::uint32_t page_limit = 1000;
constexpr auto client = "upvest-01";

std::size_t index_of(const std::string& stream) {
    const auto found = std::ranges::find(UpvestObjects::streams, stream);
    if (found == UpvestObjects::streams.end()) throw std::runtime_error("no such stream: " + stream);
    return static_cast<std::size_t>(found - UpvestObjects::streams.begin());
}

std::string changed(const std::string& text, const char* other_status) {
    auto tree = json::parse(text);
    json::Object object = *tree->root.if_object();
    const json::Value* status = json::find(object, "status");
    const bool active = status != nullptr && *status == json::Value("ACTIVE");
    json::set(object, "status", active ? other_status : "ACTIVE");
    json::set(object, "updated_at", "2026-06-01T12:00:00Z");
    return json::write(object);
}

std::string file_of(const std::string& folder, const std::string& stream, std::uint64_t offset) {
    return folder + "/" + stream + "." + std::to_string(offset);
}

class ListSession final : public domain::ports::ProviderSession {
  public:
    ListSession(const ListAnswer& answer, std::span<const domain::ports::StreamFacts> streams)
        : answer_(answer), streams_(streams) {}

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override { return streams_; }

    Task<Result<domain::Page>> fetch(const std::string& stream, domain::ports::PageRequest request) override {
        const auto facts = std::ranges::find(streams_, stream, &domain::ports::StreamFacts::name);
        co_return upvest::decode_list(facts->kind, answer_(stream, request.offset, request.limit));
    }

    Task<Result<domain::Page>> read(const std::string&, const std::string&) override {
        co_return domain::fail(domain::Errc::unavailable, "The benchmark reads lists alone.");
    }

  private:
    const ListAnswer& answer_;
    std::span<const domain::ports::StreamFacts> streams_;
};

/// Upvest as it is, but for where its answers come from.
class ListProvider final : public domain::ports::Provider {
  public:
    explicit ListProvider(ListAnswer answer) : answer_(std::move(answer)), upvest_(upvest::make_provider()) {}

    [[nodiscard]] std::string_view name() const override { return upvest_->name(); }

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override {
        return upvest_->streams();
    }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<domain::Page> decode(std::string_view stream, const json::Value& raw,
                                              const domain::SelfIds& self) const override {
        return upvest_->decode(stream, raw, self);
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return std::make_unique<ListSession>(answer_, upvest_->streams());
    }

  private:
    ListAnswer answer_;
    std::unique_ptr<domain::ports::Provider> upvest_;
};

}  // namespace

UpvestObjects::UpvestObjects(std::uint64_t seed, std::size_t count) {
    // The first client has two thirds of the people and four fifths of the groups; a user with its groups and
    // their accounts is 18.4 objects.
    const double users = static_cast<double>(count) / 18.4;
    const auto world = sandbox::generate({.seed = seed,
                                          .people = static_cast<std::size_t>(users / 0.7),
                                          .upvest_groups = static_cast<std::size_t>(users * 8 / 0.8)});
    constexpr std::array kinds{sandbox::Kind::upvest_user, sandbox::Kind::upvest_account_group,
                               sandbox::Kind::upvest_account};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        for (const sandbox::Item* item : world->of(kinds[i]).of(client)) {
            items_[i].push_back(item->text);
        }
    }
}

std::size_t UpvestObjects::size() const {
    return items_[0].size() + items_[1].size() + items_[2].size();
}

std::string UpvestObjects::answer(const std::string& stream, std::uint64_t offset,
                                  std::uint32_t limit) const {
    const std::vector<std::string>& items = items_[index_of(stream)];
    const std::size_t end = std::min<std::size_t>(items.size(), offset + limit);
    const json::Object meta{{"offset", offset},      {"limit", limit},
                            {"count", end - offset}, {"total_count", items.size()},
                            {"sort", "created_at"},  {"order", "ASC"}};
    std::string body = "{\"meta\":" + json::write(meta) + ",\"data\":[";
    for (std::size_t i = offset; i < end; ++i) {
        if (i > offset) body += ',';
        body += items[i];
    }
    return body + "]}";
}

void UpvestObjects::change_five_percent(int round) {
    for (std::size_t stream = 0; stream < items_.size(); ++stream) {
        for (std::size_t i = static_cast<std::size_t>(round) % 20; i < items_[stream].size(); i += 20) {
            items_[stream][i] = changed(items_[stream][i], stream == 0 ? "INACTIVE" : "CLOSED");
        }
    }
}

void UpvestObjects::write_to(const std::string& folder) const {
    for (const std::string stream : streams) {
        // As an offset walk asks: each page begins with the last item of the page before.
        const std::size_t total = items_[index_of(stream)].size();
        for (std::uint64_t offset = 0; offset < std::max<std::size_t>(total, 1); offset += page_limit - 1) {
            std::ofstream(file_of(folder, stream, offset)) << answer(stream, offset, page_limit);
        }
    }
}

ListAnswer answers_from(const std::string& folder) {
    return [folder](const std::string& stream, std::uint64_t offset, std::uint32_t) {
        std::ifstream file(file_of(folder, stream, offset));
        if (!file) throw std::runtime_error("the walk asked for a page that was not written");
        return std::string(std::istreambuf_iterator(file), {});
    };
}

std::unique_ptr<domain::ports::Provider> provider_of(ListAnswer answer) {
    return std::make_unique<ListProvider>(std::move(answer));
}

}  // namespace tributary::bench
