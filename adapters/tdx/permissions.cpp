#include "adapters/tdx/permissions.hpp"

#include <array>
#include <string_view>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tdx/details.hpp"

namespace tributary::tdx {

using domain::AccessLevel;

namespace {

constexpr std::array<std::string_view, 6> known_flags = {"canRead",    "canTrade", "canWithdraw",
                                                         "canDeposit", "canWrite", "canManage"};

AccessLevel level_of(const json::Object& flags) {
    const auto may = [&flags](std::string_view flag) {
        const json::Value* value = json::find(flags, flag);
        return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
    };
    if (may("can_withdraw")) {
        return AccessLevel::owner;
    }
    if (may("can_trade")) {
        return AccessLevel::trade_only;
    }
    return may("can_read") ? AccessLevel::read_only : AccessLevel::other;
}

}  // namespace

Permissions read_permissions(const json::Object* object, const std::string& path,
                             std::vector<domain::DriftNote>& drift) {
    Permissions read;
    if (object == nullptr) {
        return read;
    }
    decode::ObjectReader reader(*object, path, drift);
    for (const std::string_view key : known_flags) {
        put(read.flags, snake_case(key), reader.boolean(key));
    }
    reader.finish();
    for (const json::Entry& entry : *object) {
        const std::string key = snake_case(entry.key);
        if (entry.value.if_bool() != nullptr && json::find(read.flags, key) == nullptr) {
            read.flags.push_back({key, entry.value});
        }
    }
    read.level = domain::EnumPair<AccessLevel>{level_of(read.flags)};
    return read;
}

}  // namespace tributary::tdx
