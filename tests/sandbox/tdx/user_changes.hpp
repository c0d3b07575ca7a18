// What a T-DX user changes of their own: preferences and attributes. The documentation shows the requests
// alone; what is answered, and that an attribute replaces the one of the same type, sub-type and key, is a
// guess that no adapter may rest on.
#pragma once

#include <string>

#include "tests/sandbox/face/effects.hpp"
#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class TdxUserChanges {
  public:
    /// All must outlive it.
    TdxUserChanges(World& world, const SandboxClock& clock, Effects& effects)
        : world_(world), clock_(clock), effects_(effects), ids_(world.seed, "tdx changes") {}

    /// PUT /users/me/preferences of this user: 200 without a body.
    HttpReply put_preferences(const HttpRequest& request, const std::string& user);
    /// POST /users/me/attributes: 200 with the attributes as they stand now.
    HttpReply post_attributes(const HttpRequest& request, const std::string& user);
    /// DELETE /users/me/attributes/{id}: 200 with an empty object.
    HttpReply delete_attribute(const std::string& id, const std::string& user);

  private:
    json::Object put_attribute(const json::Object& given, const std::string& user);
    /// Replaces members and moves the update time.
    void change(Kind kind, const std::string& id, const json::Object& members);
    void add(Kind kind, const std::string& id, const std::string& user, json::Object object);

    World& world_;
    const SandboxClock& clock_;
    Effects& effects_;
    Rng ids_;
};

}  // namespace tributary::sandbox
