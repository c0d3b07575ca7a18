#include "adapters/tdx/change_arguments.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/kinds.hpp"

namespace tributary::tdx {

using domain::Errc;
using domain::Error;
using domain::Language;

namespace {

// T-DX names no limits; these are ours, far above every example.
constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_content_type = 127;
constexpr std::size_t longest_language = 64;
constexpr std::size_t longest_value = 32'768;

constexpr std::string_view language_prefix = "LANGUAGE_";

/// Reads members and remembers what is wrong with them.
class Arguments {
  public:
    Arguments(const json::Object& object, std::string at) : object_(object), at_(std::move(at)) {}

    void refuse(std::string_view name, std::string detail) {
        faults.push_back(
            {Errc::invalid_input, std::move(detail), domain::pointer_step(at_, name), std::nullopt});
    }

    void refuse_others_than(std::span<const std::string_view> known) {
        for (const json::Entry& entry : object_) {
            if (std::ranges::find(known, entry.key) == known.end()) {
                refuse(entry.key, "This action has no such member; leave it out.");
            }
        }
    }

    /// Empty after a fault.
    std::string text(std::string_view name, std::size_t longest, bool may_be_empty = false) {
        const json::Value* value = json::find(object_, name);
        if (value == nullptr || value->if_string() == nullptr) {
            refuse(name, "Give a text.");
            return {};
        }
        const std::string& text = *value->if_string();
        if (text.size() > longest || (text.empty() && !may_be_empty)) {
            refuse(name, "Give a text of " + std::string(may_be_empty ? "at most " : "1 to ") +
                             std::to_string(longest) + " bytes.");
            return {};
        }
        return text;
    }

    /// A text without control characters.
    std::string line(std::string_view name, std::size_t longest) {
        std::string text = this->text(name, longest);
        const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
        if (std::ranges::any_of(text, is_control)) {
            refuse(name, "Leave out control characters.");
        }
        return text;
    }

    bool boolean(std::string_view name) {
        const json::Value* value = json::find(object_, name);
        if (value == nullptr || value->if_bool() == nullptr) {
            refuse(name, "Give true or false.");
            return false;
        }
        return *value->if_bool();
    }

    std::vector<Error> faults;

  private:
    const json::Object& object_;
    std::string at_;
};

bool is_language_text(std::string_view text) {
    return text.starts_with(language_prefix) && text.size() > language_prefix.size() &&
           std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

std::string language_of(const json::Object& object, Arguments& arguments) {
    const std::string name = arguments.text("language", longest_language);
    const bool has_text = json::find(object, "provider_language") != nullptr;
    if (name == "other") {
        const std::string text = arguments.text("provider_language", longest_language);
        if (!text.empty() && !is_language_text(text)) {
            arguments.refuse("provider_language", "Give T-DX's own spelling, such as LANGUAGE_ROMANSH.");
        }
        return text;
    }
    if (has_text) {
        arguments.refuse("provider_language", "Give it with the language other only.");
    }
    if (!name.empty() && domain::value_named<Language>(name) == Language::other) {
        arguments.refuse("language", "Give english, german, french, or other with provider_language.");
    }
    std::string text(language_prefix);
    std::ranges::transform(name, std::back_inserter(text), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

bool is_so(const domain::Field<bool>& field, bool wanted) {
    return field.has_value() && field.value() == wanted;
}

bool is_so(const domain::Field<std::string>& field, const std::string& wanted) {
    return field.has_value() && field.value() == wanted;
}

}  // namespace

Checked<PreferencesOrder> read_preferences_order(const json::Object& arguments) {
    static constexpr std::string_view known[] = {"language", "provider_language", "notifications"};
    static constexpr std::string_view switches[] = {"order_placement", "order_confirmation",
                                                    "order_cancellation", "settlement_line"};
    Arguments top(arguments, "");
    PreferencesOrder order;
    top.refuse_others_than(known);
    order.language = language_of(arguments, top);
    const json::Value* given = json::find(arguments, "notifications");
    if (given == nullptr || given->if_object() == nullptr) {
        top.refuse("notifications", "Give an object of the four booleans.");
        return std::unexpected(std::move(top.faults));
    }
    Arguments notifications(*given->if_object(), "/notifications");
    notifications.refuse_others_than(switches);
    order.order_placement = notifications.boolean(switches[0]);
    order.order_confirmation = notifications.boolean(switches[1]);
    order.order_cancellation = notifications.boolean(switches[2]);
    order.settlement_line = notifications.boolean(switches[3]);
    top.faults.insert(top.faults.end(), notifications.faults.begin(), notifications.faults.end());
    if (!top.faults.empty()) {
        return std::unexpected(std::move(top.faults));
    }
    return order;
}

Checked<AttributeOrder> read_attribute_order(const json::Object& arguments) {
    static constexpr std::string_view known[] = {"type", "sub_type", "key", "value", "content_type"};
    Arguments read(arguments, "");
    read.refuse_others_than(known);
    AttributeOrder order;
    order.type = read.line(known[0], longest_name);
    order.sub_type = read.line(known[1], longest_name);
    order.key = read.line(known[2], longest_name);
    order.value = read.text(known[3], longest_value, true);
    order.content_type = read.line(known[4], longest_content_type);
    if (!read.faults.empty()) {
        return std::unexpected(std::move(read.faults));
    }
    return order;
}

std::vector<Error> check_no_arguments(const json::Object& arguments) {
    Arguments read(arguments, "");
    read.refuse_others_than({});
    return std::move(read.faults);
}

std::string body_of(const PreferencesOrder& order) {
    return json::write(
        json::Object{{"language", order.language},
                     {"notifications", json::Object{{"orderPlacement", order.order_placement},
                                                    {"orderConfirmation", order.order_confirmation},
                                                    {"orderCancellation", order.order_cancellation},
                                                    {"settlementLine", order.settlement_line}}}});
}

std::string body_of(const AttributeOrder& order) {
    return json::write(
        json::Object{{"attributes", json::Array{json::Object{{"type", order.type},
                                                             {"subType", order.sub_type},
                                                             {"key", order.key},
                                                             {"value", order.value},
                                                             {"contentType", order.content_type}}}}});
}

bool holds(const domain::Preferences& preferences, const PreferencesOrder& order) {
    const domain::Notifications& said = preferences.notifications;
    return preferences.language.has_value() && preferences.language.value().provider_text == order.language &&
           is_so(said.order_placement, order.order_placement) &&
           is_so(said.order_confirmation, order.order_confirmation) &&
           is_so(said.order_cancellation, order.order_cancellation) &&
           is_so(said.settlement_line, order.settlement_line);
}

bool is_place_of(const domain::Attribute& attribute, const AttributeOrder& order) {
    return is_so(attribute.type, order.type) && is_so(attribute.sub_type, order.sub_type) &&
           is_so(attribute.key, order.key);
}

bool holds(const domain::Attribute& attribute, const AttributeOrder& order) {
    return is_place_of(attribute, order) && is_so(attribute.value, order.value) &&
           is_so(attribute.content_type, order.content_type);
}

}  // namespace tributary::tdx
