#include "adapters/tdx/change_desk.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/streams.hpp"
#include "adapters/tdx/target.hpp"

namespace tributary::tdx {

using domain::Errc;
using domain::Observation;
using domain::Page;
using domain::Result;
using domain::ports::ActionEffect;
using domain::ports::ActionKind;
using domain::ports::ActionOrder;
using domain::ports::PageRequest;
using domain::ports::Task;

namespace {

/// 5,000 attributes of one user; a walk beyond that is going in circles.
constexpr int max_pages_in_a_look = 10;

Task<Result<ActionEffect>> refused(domain::Error error) {
    co_return std::unexpected(std::move(error));
}

Task<Result<ActionEffect>> refused_kind() {
    return refused({Errc::invalid_input, "T-DX takes no action of this kind.", "", std::nullopt});
}

/// Fit to be the last segment of a path: a dot segment would mean another path.
bool is_attribute_id(const std::string& id) {
    constexpr std::size_t longest = 256;
    return !id.empty() && id.size() <= longest && id != "." && id != "..";
}

const domain::Preferences* preferences_in(const Page& page) {
    if (page.observations.size() != 1) {
        return nullptr;
    }
    const auto* profile = std::get_if<domain::Profile>(&page.observations.front().normalized);
    return profile != nullptr ? &profile->preferences : nullptr;
}

const domain::Attribute* attribute_in(const Observation& seen) {
    const auto* profile = std::get_if<domain::Profile>(&seen.normalized);
    return profile != nullptr && profile->attributes.size() == 1 ? &profile->attributes.front() : nullptr;
}

ActionEffect done(std::string_view stream) {
    ActionEffect effect;
    effect.stands = true;
    effect.finished = true;
    effect.stream = stream;
    return effect;
}

ActionEffect deleted(const std::string& id) {
    ActionEffect effect = done(stream::user_attributes);
    effect.removed.push_back(id);
    effect.object_id = id;
    return effect;
}

void see(ActionEffect& effect, Page page, bool stands) {
    effect.stands = stands;
    effect.finished = stands;
    effect.page = std::move(page);
}

/// The answer to a change where it is the whole object as it was ordered. T-DX does not document the body; an
/// answer that lacks what GET sends would be stored as less than the next run sees.
std::optional<Page> whole_answer(const std::string& body, const std::string& profile,
                                 const PreferencesOrder& order) {
    Result<Page> page = decode_preferences(body, "");
    const domain::Preferences* said = page ? preferences_in(*page) : nullptr;
    const bool whole = said != nullptr && holds(*said, order) && said->created_at.has_value() &&
                       said->updated_at.has_value() &&
                       page->observations.front().entity.provider_id == profile;
    return whole ? std::optional(*std::move(page)) : std::nullopt;
}

/// Adds to the effect what of this page is at the order's place.
void add_matching(ActionEffect& effect, Page page, const AttributeOrder& order) {
    for (Observation& seen : page.observations) {
        const domain::Attribute* attribute = attribute_in(seen);
        if (attribute == nullptr || !is_place_of(*attribute, order)) {
            continue;
        }
        const bool ordered = holds(*attribute, order);
        if (ordered || effect.object_id.empty()) {
            effect.object_id = seen.provider_id;
        }
        effect.stands = effect.stands || ordered;
        effect.page.item_keys.push_back(seen.provider_id);
        effect.page.observations.push_back(std::move(seen));
    }
    effect.page.self = std::move(page.self);
    effect.finished = effect.stands;
}

/// A change that T-DX has taken stands, whatever a look at it shows or cannot show. A look that does not show
/// it yet is not to be stored: a run will bring it.
ActionEffect taken(Result<ActionEffect> seen, std::string_view stream) {
    ActionEffect effect = done(stream);
    if (seen && seen->stands) {
        effect.page = std::move(seen->page);
        effect.object_id = std::move(seen->object_id);
    }
    return effect;
}

}  // namespace

Task<Result<ActionEffect>> ChangeDesk::perform(ActionOrder order) {
    if (order.kind == ActionKind::put_preferences) {
        auto read = read_preferences_order(order.arguments);
        return read ? put_preferences(std::move(order.subject), *std::move(read))
                    : refused(read.error().front());
    }
    if (order.kind == ActionKind::put_attribute) {
        auto read = read_attribute_order(order.arguments);
        return read ? put_attribute(std::move(order.subject), *std::move(read))
                    : refused(read.error().front());
    }
    return order.kind == ActionKind::delete_attribute ? delete_attribute(std::move(order.subject))
                                                      : refused_kind();
}

Task<Result<ActionEffect>> ChangeDesk::look(ActionOrder order) {
    if (order.kind == ActionKind::put_preferences) {
        auto read = read_preferences_order(order.arguments);
        return read ? look_for_preferences(std::move(order.subject), *std::move(read))
                    : refused(read.error().front());
    }
    if (order.kind == ActionKind::put_attribute) {
        auto read = read_attribute_order(order.arguments);
        return read ? look_for_attribute(std::move(order.subject), *std::move(read))
                    : refused(read.error().front());
    }
    return order.kind == ActionKind::delete_attribute ? look_for_deletion(std::move(order.subject))
                                                      : refused_kind();
}

Task<Result<ActionEffect>> ChangeDesk::put_preferences(std::string profile, PreferencesOrder order) {
    const Result<void> owned = co_await must_own(profile);
    if (!owned) {
        co_return std::unexpected(owned.error());
    }
    Endpoint endpoint{.path = "/users/me/preferences", .name = "a change of preferences"};
    const Result<std::string> body = co_await client_.change("PUT", std::move(endpoint), body_of(order));
    if (!body) {
        co_return std::unexpected(body.error());
    }
    if (std::optional<Page> told = whole_answer(*body, profile, order)) {
        told->self = *owner_;
        ActionEffect effect = done(stream::preferences);
        effect.object_id = told->observations.front().provider_id;
        effect.page = *std::move(told);
        co_return effect;
    }
    Result<ActionEffect> seen = co_await see_preferences(std::move(order));
    co_return taken(std::move(seen), stream::preferences);
}

Task<Result<ActionEffect>> ChangeDesk::look_for_preferences(std::string profile, PreferencesOrder order) {
    const Result<void> owned = co_await must_own(std::move(profile));
    if (!owned) {
        co_return std::unexpected(owned.error());
    }
    Result<ActionEffect> seen = co_await see_preferences(std::move(order));
    co_return seen;
}

Task<Result<ActionEffect>> ChangeDesk::see_preferences(PreferencesOrder order) {
    const std::string stream(stream::preferences);
    Result<Page> page = co_await session_.fetch(stream, PageRequest{});
    ActionEffect effect;
    effect.stream = stream;
    if (!page && page.error().code == Errc::not_found) {
        // The user is there and has none.
        co_return effect;
    }
    if (!page) {
        co_return std::unexpected(page.error());
    }
    const domain::Preferences* said = preferences_in(*page);
    const bool stands = said != nullptr && holds(*said, order);
    if (said != nullptr) {
        effect.object_id = page->observations.front().provider_id;
    }
    see(effect, *std::move(page), stands);
    co_return effect;
}

Task<Result<ActionEffect>> ChangeDesk::put_attribute(std::string profile, AttributeOrder order) {
    const Result<void> owned = co_await must_own(std::move(profile));
    if (!owned) {
        co_return std::unexpected(owned.error());
    }
    Endpoint endpoint{.path = "/users/me/attributes", .name = "a new attribute"};
    const Result<std::string> body = co_await client_.change("POST", std::move(endpoint), body_of(order));
    if (!body) {
        co_return std::unexpected(body.error());
    }
    // Nothing says what the answer holds, nor whether a former attribute of the key was replaced.
    Result<ActionEffect> seen = co_await see_attribute(std::move(order));
    co_return taken(std::move(seen), stream::user_attributes);
}

Task<Result<ActionEffect>> ChangeDesk::look_for_attribute(std::string profile, AttributeOrder order) {
    const Result<void> owned = co_await must_own(std::move(profile));
    if (!owned) {
        co_return std::unexpected(owned.error());
    }
    Result<ActionEffect> seen = co_await see_attribute(std::move(order));
    co_return seen;
}

Task<Result<ActionEffect>> ChangeDesk::see_attribute(AttributeOrder order) {
    const std::string stream(stream::user_attributes);
    ActionEffect effect;
    effect.stream = stream;
    PageRequest request;
    request.limit = max_page_limit;
    std::set<std::string> followed;
    for (int i = 0; i < max_pages_in_a_look; ++i) {
        Result<Page> page = co_await session_.fetch(stream, request);
        if (!page) {
            co_return std::unexpected(page.error());
        }
        request.cursor = std::exchange(page->next_cursor, std::nullopt);
        add_matching(effect, *std::move(page), order);
        if (!request.cursor) {
            co_return effect;
        }
        if (!followed.insert(*request.cursor).second) {
            break;
        }
    }
    co_return domain::fail(Errc::contract, "T-DX's list of the user's attributes has no end.");
}

Task<Result<ActionEffect>> ChangeDesk::delete_attribute(std::string id) {
    if (!is_attribute_id(id)) {
        co_return domain::fail(Errc::invalid_input, "This is not an id that T-DX could have given.");
    }
    Endpoint endpoint{.path = "/users/me/attributes/" + percent_encode(id), .name = "a deletion"};
    const Result<std::string> body = co_await client_.change("DELETE", std::move(endpoint), {});
    // Not found: somebody was there before, perhaps this very order.
    if (!body && body.error().code != Errc::not_found) {
        co_return std::unexpected(body.error());
    }
    co_return deleted(id);
}

Task<Result<ActionEffect>> ChangeDesk::look_for_deletion(std::string id) {
    if (!is_attribute_id(id)) {
        co_return domain::fail(Errc::invalid_input, "This is not an id that T-DX could have given.");
    }
    const std::string stream(stream::user_attributes);
    Result<Page> page = co_await session_.read(stream, id);
    if (!page && page.error().code == Errc::gone) {
        co_return deleted(id);
    }
    if (!page) {
        co_return std::unexpected(page.error());
    }
    ActionEffect effect;
    effect.stream = stream;
    effect.object_id = id;
    see(effect, *std::move(page), false);
    co_return effect;
}

Task<Result<void>> ChangeDesk::must_own(std::string profile) {
    if (!owner_) {
        const std::string stream(stream::user);
        const Result<Page> page = co_await session_.fetch(stream, PageRequest{});
        if (!page) {
            co_return std::unexpected(page.error());
        }
        if (!page->self.profile) {
            co_return domain::fail(Errc::contract,
                                   "T-DX does not say under which id it knows the owner of the credentials.");
        }
        owner_ = page->self;
    }
    if (owner_->profile != profile) {
        co_return domain::fail(Errc::permission_denied,
                               "T-DX lets a user change only their own preferences and attributes, and the "
                               "connection's credentials are another user's. Order it through a connection "
                               "with that user's credentials.");
    }
    co_return Result<void>();
}

}  // namespace tributary::tdx
