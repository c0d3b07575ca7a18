// Inside this folder a refusal unwinds as an exception, like libpqxx's own, and becomes a value where the
// folder ends: in Pool::run and in PageTransaction's methods.
#pragma once

#include <string>
#include <utility>

#include "domain/error.hpp"

namespace tributary::postgres {

struct Failure {
    domain::Error error;
};

[[noreturn]] inline void refuse(domain::Errc code, std::string detail, std::string pointer = {}) {
    throw Failure{domain::Error{code, std::move(detail), std::move(pointer)}};
}

}  // namespace tributary::postgres
