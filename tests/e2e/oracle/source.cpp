#include "tests/e2e/oracle/source.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

struct Exemption {
    std::string_view kind;
    std::string_view path;
    std::string_view reason;
};

/// The fields that stand in no document.
constexpr std::array exemptions{
    Exemption{"tastytrade customer", "id", "it is `me` for everybody"},
    Exemption{"tdx preferences", "userId", "it names the profile that holds the preferences"},
};

std::string_view reason_for(std::string_view kind, std::string_view path) {
    const auto found = std::ranges::find_if(exemptions, [&](const Exemption& exemption) {
        return exemption.kind == kind && exemption.path == path;
    });
    return found == exemptions.end() ? std::string_view() : found->reason;
}

}  // namespace

Source::Source(std::string kind, const json::Object& object, Tally& tally)
    : kind_(std::move(kind)), object_(object), tally_(tally) {}

Source::~Source() {
    settle("", object_);
}

const json::Value* Source::take(std::string_view path) {
    taken_.emplace(path);
    const std::size_t dot = path.find('.');
    const json::Value* value = json::find(object_, path.substr(0, dot));
    return value == nullptr || dot == std::string_view::npos ? value : find(*value, path.substr(dot + 1));
}

void Source::exempt(std::string_view path) {
    if (!reason_for(kind_, path).empty()) exempt_.emplace(path);
}

void Source::settle(const std::string& path, const json::Object& object) {
    for (const json::Entry& entry : object) {
        const std::string here = path.empty() ? entry.key : path + "." + entry.key;
        const json::Object* members = entry.value.if_object();
        if (taken_.contains(here)) {
            ++tally_.mapped[kind_];
        } else if (exempt_.contains(here)) {
            ++tally_.exempt[kind_ + ": " + here + ", because " + std::string(reason_for(kind_, here))];
        } else if (members != nullptr && !members->empty()) {
            settle(here, *members);
        } else {
            ++tally_.forgotten[kind_ + ": " + here];
        }
    }
}

}  // namespace tributary::e2e
