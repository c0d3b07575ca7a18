// A store that a test does not ask: what it does ask is overridden.
#pragma once

#include "domain/ports/read_store.hpp"
#include "services/refresh/demand.hpp"

namespace tributary::tests {

struct UnaskedReads : domain::ports::ReadStore {
    template <class T>
    using Read = domain::ports::Task<domain::Result<T>>;

    static std::unexpected<domain::Error> not_asked() {
        return domain::fail(domain::Errc::internal, "Not asked here.");
    }

    Read<domain::ports::DocumentRead> document(domain::ports::ReadAt, domain::ports::DocumentQuery) override {
        co_return not_asked();
    }

    Read<domain::ports::DocumentLoad> load(domain::Uuid, domain::EntityKind, domain::Uuid) override {
        co_return not_asked();
    }

    Read<domain::ports::BatchRead> batch(domain::ports::ReadAt, domain::EntityKind,
                                         std::vector<domain::Uuid>) override {
        co_return not_asked();
    }

    Read<domain::ports::DocumentPage> list(domain::ports::ReadAt, domain::ports::ListQuery) override {
        co_return not_asked();
    }

    Read<domain::ports::Commit> moment(domain::ports::ReadAt) override { co_return not_asked(); }

    Read<std::optional<domain::Uuid>> customer_named(domain::ports::ReadAt, domain::Uuid) override {
        co_return not_asked();
    }

    Read<std::vector<domain::Uuid>> targets_named(domain::ports::ReadAt, domain::ports::TargetName) override {
        co_return not_asked();
    }

    Read<domain::ports::RawRead> raw(domain::ports::ReadAt, domain::EntityKind, domain::Uuid) override {
        co_return not_asked();
    }

    Read<domain::ports::OverviewRead> overview(domain::ports::ReadAt, domain::Uuid) override {
        co_return not_asked();
    }

    Read<std::vector<domain::ports::Freshness>> freshness(domain::Uuid) override { co_return not_asked(); }

    Read<std::vector<domain::ports::Freshness>> freshness_of(domain::Uuid, domain::Uuid) override {
        co_return not_asked();
    }
};

}  // namespace tributary::tests
