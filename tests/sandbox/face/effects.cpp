#include "tests/sandbox/face/effects.hpp"

namespace tributary::sandbox {

json::Array Effects::report() const {
    json::Array rows;
    for (const auto& [name, objects] : by_name_) {
        json::Array ids;
        for (const std::string& object : objects) {
            ids.push_back(object);
        }
        rows.push_back(json::Object{{"provider", name.first},
                                    {"effect", name.second},
                                    {"count", objects.size()},
                                    {"objects", std::move(ids)}});
    }
    return rows;
}

}  // namespace tributary::sandbox
