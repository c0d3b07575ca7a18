// What is done about sources that are older than a reader accepts. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/page_store.hpp"
#include "domain/time.hpp"
#include "services/sync/providers.hpp"

namespace tributary::refresh {

/// A source that is too old.
struct Want {
    std::string provider;
    domain::ports::StreamRef source;
    /// The one document that is looked at; absent: many, which only a run brings up to date.
    std::optional<domain::Uuid> document;
};

/// One piece of work, done once for all who want it.
struct Work {
    domain::Uuid connection;
    /// Read by themselves; absent: a run of the connection.
    std::optional<domain::ports::ObjectKey> object;

    friend auto operator<=>(const Work&, const Work&) = default;
};

/// Whether a connection of this status (names of ConnectionStatus) may be asked because somebody reads: not
/// where a person has to act first, and not where the provider asked to be left alone.
bool may_be_asked(std::string_view status);

/// What brings all of them up to date, each piece once. A run serves all streams of its connection, so where
/// one of them needs it, none of its objects is read besides.
std::vector<Work> plan(std::span<const Want> wants, const sync::Providers& providers);

}  // namespace tributary::refresh
