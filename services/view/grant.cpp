#include "services/view/grant.hpp"

#include "domain/json/codec.hpp"
#include "domain/json/write.hpp"

namespace tributary::view {

std::string grant_text(const domain::AccessGrant& grant) {
    json::Object object;
    json::append_member(object, "level", grant.level);
    json::append_member(object, "role", grant.role);
    json::append_member(object, "permissions", grant.permissions);
    return json::write(object);
}

}  // namespace tributary::view
