// What a provider adapter fills: which streams a connection has, how to ask for a page of one, how to read a
// single object. The engine owns paging, resume points and completeness; an adapter only declares facts and
// asks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/ids.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"
#include "domain/ports/actions.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/shared_tokens.hpp"
#include "domain/ports/task.hpp"
#include "domain/ports/webhooks.hpp"

namespace tributary::domain::ports {

enum class Paging {
    single,  ///< the whole collection in one answer
    cursor,  ///< each answer names the next page
    offset,  ///< item offsets; the engine overlaps pages by one item
};

/// What is true of a stream whatever the connection.
struct StreamFacts {
    std::string name;
    /// The kind of entity its records describe.
    EntityKind kind = EntityKind::other;
    Paging paging = Paging::single;
    /// Items to ask for in a page; 1 for single objects.
    std::uint32_t page_limit = 1;
    /// Where several streams describe one entity: lower is the fuller shape and wins field by field.
    int fullness = 0;
    /// The provider gives the count of the whole stream; a walk without it proves nothing.
    bool has_total = false;
    /// read() can tell whether one object of this stream still exists.
    bool has_single_read = false;
    /// read() also says all that a page says of the object, so that its answer may be stored.
    bool single_read_is_whole = false;
    /// A permission_denied or not_found answer to the whole stream means "not for these credentials", which
    /// is no failure of the run (T-DX /users needs CanManage).
    bool may_be_denied = false;
};

/// Where in a stream to read. Exactly one of cursor and offset is used, by the stream's paging.
struct PageRequest {
    std::optional<std::string> cursor;
    std::uint64_t offset = 0;
    std::uint32_t limit = 1;
};

/// What the connection knows before a run.
struct ConnectionContext {
    Uuid id;
    ProviderSpace space;
    /// An origin; the adapter adds its own prefix.
    std::string base_url;
    json::Object settings;
    json::Object credentials;
    SelfIds self;
};

/// One connection's conversation with its provider: authenticates on demand, keeps the token for its
/// lifetime, one refresh at a time. Used from one thread. Must outlive the tasks it returned.
class ProviderSession {
  public:
    virtual ~ProviderSession() = default;
    /// In the order in which a run walks them: what others refer to comes first.
    [[nodiscard]] virtual std::span<const StreamFacts> streams() const = 0;
    /// Asks for one page and decodes it. One bad object costs itself, never the page.
    virtual Task<Result<Page>> fetch(const std::string& stream, PageRequest request) = 0;
    /// Reads one object of a stream by its provider id: a page of one observation. Errc::gone where the
    /// provider says that it no longer exists; Errc::invalid_input where the stream has no such read.
    virtual Task<Result<Page>> read(const std::string& stream, const std::string& provider_id) = 0;

    /// Calls about webhooks; null where the provider sends none.
    [[nodiscard]] virtual WebhookDesk* webhooks() { return nullptr; }

    /// Changes; null where the provider takes none.
    [[nodiscard]] virtual ActionDesk* actions() { return nullptr; }
};

/// What every session is given; owned by the composition root and outliving all sessions.
struct ProviderTools {
    HttpTransport& transport;
    Clock& clock;
    Random& random;
    /// The connection's tokens; null: the session keeps its own for its lifetime. Unlike the rest it is one
    /// session's, and outlives it.
    SharedTokens* tokens = nullptr;
};

/// Where a payload has what became one field of our model.
struct FieldOrigin {
    /// Places that together make the field (a list of addresses has two). Each is keys from the payload's
    /// root with dots, and after each '|' another that stands in where those before it have no value:
    /// "first-name|person.first-name".
    std::span<const std::string_view> places;
};

class Provider {
  public:
    virtual ~Provider() = default;
    /// "tastytrade", "tdx", "upvest".
    [[nodiscard]] virtual std::string_view name() const = 0;

    /// The streams of each of its connections; empty where only a session knows.
    [[nodiscard]] virtual std::span<const StreamFacts> streams() const { return {}; }

    /// Every fault of the settings and credentials of a new connection, each with its pointer
    /// ("/credentials/client_secret"); empty where a session can be opened with them. Unknown keys are faults
    /// too.
    [[nodiscard]] virtual std::vector<Error> check(const json::Object& settings,
                                                   const json::Object& credentials) const = 0;
    /// Decodes one stored object of a stream exactly as fetch() decodes it in a page: a page of one
    /// observation, or of one quarantined object. `self` is who the owner of the credentials was when the
    /// object was read; objects that do not name whom they belong to belong to that owner.
    /// Errc::invalid_input for an unknown stream, Errc::conflict where the object belongs to the owner and
    /// `self` does not say who that is.
    [[nodiscard]] virtual Result<Page> decode(std::string_view stream, const json::Value& raw,
                                              const SelfIds& self) const = 0;

    /// Where the payloads of a stream have this field of a profile ("email", "tax.number", "addresses").
    /// Nothing for what they do not have, or what no single place says.
    [[nodiscard]] virtual std::optional<FieldOrigin> field_origin(std::string_view /*stream*/,
                                                                  std::string_view /*field*/) const {
        return std::nullopt;
    }

    /// Only with a context that check() passed; otherwise Errc::configuration.
    [[nodiscard]] virtual Result<std::unique_ptr<ProviderSession>> open(ConnectionContext context,
                                                                        ProviderTools tools) const = 0;

    /// How its webhooks are read; null where it sends none. Lives as long as the provider.
    [[nodiscard]] virtual const WebhookReceiver* webhooks() const { return nullptr; }

    /// Whether it takes actions of this kind.
    [[nodiscard]] virtual bool takes(ActionKind) const { return false; }

    /// Every fault of an action's arguments, each with its pointer ("/notifications/order_placement");
    /// unknown members are faults too. Only of kinds that it takes.
    [[nodiscard]] virtual std::vector<Error> check_action(ActionKind, const json::Object&) const {
        return {};
    }
};

}  // namespace tributary::domain::ports
