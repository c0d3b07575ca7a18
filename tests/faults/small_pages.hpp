// A provider whose pages are small, so that a few objects make many of them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "domain/ports/provider.hpp"

namespace tributary::faults {

class SmallPagesSession final : public domain::ports::ProviderSession {
  public:
    SmallPagesSession(std::unique_ptr<domain::ports::ProviderSession> inner, std::uint32_t limit)
        : inner_(std::move(inner)), facts_(inner_->streams().begin(), inner_->streams().end()) {
        for (domain::ports::StreamFacts& facts : facts_) {
            facts.page_limit = std::min(facts.page_limit, limit);
        }
    }

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override { return facts_; }

    domain::ports::Task<domain::Result<domain::Page>> fetch(const std::string& stream,
                                                            domain::ports::PageRequest request) override {
        return inner_->fetch(stream, std::move(request));
    }

    domain::ports::Task<domain::Result<domain::Page>> read(const std::string& stream,
                                                           const std::string& provider_id) override {
        return inner_->read(stream, provider_id);
    }

  private:
    std::unique_ptr<domain::ports::ProviderSession> inner_;
    std::vector<domain::ports::StreamFacts> facts_;
};

class SmallPages final : public domain::ports::Provider {
  public:
    SmallPages(std::unique_ptr<domain::ports::Provider> inner, std::uint32_t limit)
        : inner_(std::move(inner)), limit_(limit) {}

    [[nodiscard]] std::string_view name() const override { return inner_->name(); }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object& settings,
                                                   const json::Object& credentials) const override {
        return inner_->check(settings, credentials);
    }

    [[nodiscard]] domain::Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext context, domain::ports::ProviderTools tools) const override {
        auto opened = inner_->open(std::move(context), tools);
        if (!opened) {
            return opened;
        }
        return std::make_unique<SmallPagesSession>(std::move(*opened), limit_);
    }

    [[nodiscard]] domain::Result<domain::Page> decode(std::string_view stream, const json::Value& raw,
                                                      const domain::SelfIds& self) const override {
        return inner_->decode(stream, raw, self);
    }

  private:
    std::unique_ptr<domain::ports::Provider> inner_;
    std::uint32_t limit_;
};

}  // namespace tributary::faults
