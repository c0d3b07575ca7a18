// One step of the scenario under one rewriting of its statements, and what came of it. Nothing of it stays:
// every trial begins in the same world.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

struct Outcome {
    /// What the step was told, and what ours has then in the tables that it changed.
    std::string told;
    std::string rows;
    /// The SQLSTATE with which a statement failed in the database; empty where none did.
    std::string failed;
    /// Tables in which rows of theirs are not what they were, or were locked.
    std::string touched;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// In what way `outcome` is another one than it should be; empty where it is the same.
std::string difference(const Outcome& outcome, const Outcome& expected);

class Trial {
  public:
    using Rewriting = std::function<std::string(std::string)>;

    /// As the role that database().url() names, or as `role`, which a superuser becomes for the step alone.
    Trial(const World& world, std::optional<std::string> role);

    /// A rewriting that is empty leaves the statements as they are.
    Outcome run(const Step& step, const Rewriting& rewriting);

  private:
    void run_in(postgres::Transaction& tx, const Step& step, Outcome& outcome);

    const World& world_;
    std::optional<std::string> role_;
    /// In force while the step acts, and at no other time.
    Rewriting rewriting_;
    bool acting_ = false;
    /// That so many tables are planned for once, and not twice a trial.
    bool prepared_ = false;
    postgres::Pool pool_;
};

}  // namespace tributary::mutants
