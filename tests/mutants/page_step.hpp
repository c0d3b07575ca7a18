// Steps inside a page transaction.
#pragma once

#include "domain/ports/page_store.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

Step page_step(std::string name, std::string arranged,
               std::function<std::string(domain::ports::PageTransaction&)> act);

}  // namespace tributary::mutants
