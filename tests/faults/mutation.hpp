// Random changes to a JSON tree of the kinds that providers make: a member more, one less, another type,
// another word, another name, null.
#pragma once

#include "domain/json/value.hpp"
#include "tests/simulation/dice.hpp"

namespace tributary::faults {

/// One to three changes, anywhere in the tree.
void mutate(json::Value& root, simulation::Dice& dice);

}  // namespace tributary::faults
