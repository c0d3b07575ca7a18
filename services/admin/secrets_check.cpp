#include "services/admin/secrets_check.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tributary::admin {

using domain::Error;

namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Pointers to the texts under `value` that hold control characters. They could end a header line or a form
/// field; only a PEM, in a member that says so by its name (`..._pem`), has lines.
void find_control_characters(const json::Value& value, const std::string& pointer,
                             std::vector<std::string>& found) {
    if (const std::string* text = value.if_string()) {
        if (std::ranges::any_of(*text, is_control)) {
            found.push_back(pointer);
        }
    } else if (const json::Array* elements = value.if_array()) {
        for (std::size_t i = 0; i < elements->size(); ++i) {
            find_control_characters((*elements)[i], domain::pointer_step(pointer, std::to_string(i)), found);
        }
    } else if (const json::Object* members = value.if_object()) {
        for (const json::Entry& member : *members) {
            if (!member.key.ends_with("_pem")) {
                find_control_characters(member.value, domain::pointer_step(pointer, member.key), found);
            }
        }
    }
}

}  // namespace

std::vector<Error> faults_of_secrets(const domain::ports::Provider* provider, const json::Object& settings,
                                     const json::Object& credentials) {
    std::vector<Error> faults;
    if (provider != nullptr) {
        faults = provider->check(settings, credentials);
    }
    std::vector<std::string> pointers;
    find_control_characters(credentials, "/credentials", pointers);
    for (std::string& pointer : pointers) {
        if (std::ranges::find(faults, pointer, &Error::pointer) == faults.end()) {
            faults.push_back({domain::Errc::invalid_input,
                              "This holds a control character, such as the end of a line copied along; "
                              "remove it.",
                              std::move(pointer)});
        }
    }
    return faults;
}

}  // namespace tributary::admin
