#include "services/admin/connection_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "services/admin/secrets_check.hpp"

namespace tributary::admin {

using domain::Errc;
using domain::Error;
using std::chrono::seconds;

namespace {

constexpr seconds shortest_period{10};
constexpr seconds longest_period{7 * 24 * 3600};

bool is_plain_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.' || c == ' ';
    };
    return !name.empty() && name.size() <= 100 && name.front() != ' ' && name.back() != ' ' &&
           std::ranges::all_of(name, allowed);
}

class RequestReader {
  public:
    RequestReader(const json::Object& body, const sync::Providers& providers, const AllowedOrigins& allowed)
        : body_(body), providers_(providers), allowed_(allowed) {}

    std::expected<ConnectionRequest, std::vector<Error>> read() {
        refuse_unknown_members();
        read_provider();
        read_name();
        read_environment();
        read_base_url();
        read_schedule();
        request_.settings = object("settings", false);
        request_.credentials = object("credentials", true);
        // Without a member at all its absence is told, not what an empty one would lack.
        const bool given = json::find(body_, "credentials") != nullptr;
        for (Error& fault :
             faults_of_secrets(given ? provider_ : nullptr, request_.settings, request_.credentials)) {
            faults_.push_back(std::move(fault));
        }
        if (!faults_.empty()) {
            return std::unexpected(std::move(faults_));
        }
        return std::move(request_);
    }

  private:
    void complain(std::string_view member, std::string detail) {
        faults_.push_back({Errc::invalid_input, std::move(detail), domain::pointer_step("", member)});
    }

    void refuse_unknown_members() {
        static constexpr std::array known{"provider", "name",     "environment", "base_url",
                                          "schedule", "settings", "credentials"};
        for (const json::Entry& entry : body_) {
            if (std::ranges::find(known, entry.key) == known.end()) {
                complain(entry.key,
                         "This member is not known; a connection has provider, name, environment, base_url, "
                         "schedule, settings and credentials.");
            }
        }
    }

    /// The text of a member, or nothing after complaining.
    const std::string* text(std::string_view member) {
        const json::Value* value = json::find(body_, member);
        const std::string* text = value == nullptr ? nullptr : value->if_string();
        if (text == nullptr) {
            complain(member, value == nullptr ? "This member is required." : "This must be a string.");
        }
        return text;
    }

    json::Object object(std::string_view member, bool required) {
        const json::Value* value = json::find(body_, member);
        if (value == nullptr) {
            if (required) {
                complain(member, "This member is required.");
            }
            return {};
        }
        if (value->if_object() == nullptr) {
            complain(member, "This must be an object.");
            return {};
        }
        return *value->if_object();
    }

    void read_provider() {
        const std::string* name = text("provider");
        if (name == nullptr) {
            return;
        }
        request_.provider = *name;
        provider_ = providers_.find(*name);
        if (provider_ == nullptr) {
            std::string known;
            for (const std::string_view other : providers_.names()) {
                known += (known.empty() ? "" : ", ") + std::string(other);
            }
            complain("provider", "There is no such provider; there are " + known + ".");
        }
    }

    void read_name() {
        const std::string* name = text("name");
        if (name != nullptr && !is_plain_name(*name)) {
            complain("name", "A name has 1 to 100 letters, digits, '-', '_', '.' or inner spaces.");
        } else if (name != nullptr) {
            request_.name = *name;
        }
    }

    void read_environment() {
        const std::string* environment = text("environment");
        if (environment == nullptr) {
            return;
        }
        request_.environment = domain::value_named<domain::ProviderEnvironment>(*environment);
        if (request_.environment == domain::ProviderEnvironment::other) {
            complain("environment", "This must be 'production' or 'sandbox'.");
        }
    }

    void read_base_url() {
        const std::string* url = text("base_url");
        if (url == nullptr) {
            return;
        }
        const auto origins = allowed_.find(request_.provider);
        const bool allowed =
            origins != allowed_.end() && std::ranges::find(origins->second, *url) != origins->second.end();
        if (provider_ != nullptr && !allowed) {
            complain("base_url", "This origin is not allowed; add it to providers." + request_.provider +
                                     ".allowed_base_urls of the configuration first.");
        }
        request_.base_url = *url;
    }

    void read_schedule() {
        const std::string* schedule = text("schedule");
        if (schedule == nullptr) {
            return;
        }
        auto period = parse_schedule(*schedule);
        if (!period) {
            complain("schedule", period.error().detail);
        } else {
            request_.period = *period;
        }
    }

    const json::Object& body_;
    const sync::Providers& providers_;
    const AllowedOrigins& allowed_;
    const domain::ports::Provider* provider_ = nullptr;
    ConnectionRequest request_;
    std::vector<Error> faults_;
};

}  // namespace

std::expected<ConnectionRequest, std::vector<Error>> read_connection_request(const json::Value& body,
                                                                             const sync::Providers& providers,
                                                                             const AllowedOrigins& allowed) {
    if (body.if_object() == nullptr) {
        return std::unexpected(std::vector<Error>{{Errc::invalid_input, "The body must be a JSON object."}});
    }
    return RequestReader(*body.if_object(), providers, allowed).read();
}

domain::Result<std::optional<seconds>> parse_schedule(std::string_view text) {
    if (text == "manual") {
        return std::optional<seconds>();
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const std::int64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    if (error != std::errc{} || factor == 0 || number < 1 || number > longest_period.count() ||
        seconds(number * factor) < shortest_period || seconds(number * factor) > longest_period) {
        return domain::fail(Errc::invalid_input,
                            "A schedule is 'manual' or a time from 10s to 168h, e.g. '30s', '5m' or '1h'.");
    }
    return std::optional(seconds(number * factor));
}

std::string schedule_text(const std::optional<seconds>& period) {
    if (!period) {
        return "manual";
    }
    const auto count = period->count();
    if (count % 3600 == 0) {
        return std::to_string(count / 3600) + "h";
    }
    return count % 60 == 0 ? std::to_string(count / 60) + "m" : std::to_string(count) + "s";
}

}  // namespace tributary::admin
