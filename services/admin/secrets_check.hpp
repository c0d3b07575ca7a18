// What is wrong with settings and credentials before anybody tries them.
#pragma once

#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::admin {

/// What the provider finds (nothing where it is nullptr), and control characters in credentials: copied along
/// with a secret, they could end a header line or a form field. Never quotes a credential.
std::vector<domain::Error> faults_of_secrets(const domain::ports::Provider* provider,
                                             const json::Object& settings, const json::Object& credentials);

}  // namespace tributary::admin
