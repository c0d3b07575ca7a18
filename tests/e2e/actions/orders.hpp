// Changes that a caller asks for, made new for every round, over connections of the sandbox that take them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/e2e/system/running_system.hpp"

namespace tributary::e2e {

/// One change, as it is asked for and as its provider counts it.
struct Order {
    std::string method;
    std::string target;
    /// Empty where the path says all.
    std::string body;
    std::string key;
    /// As Sandbox::effects() names it.
    std::string effect;
    /// Where the provider is asked for it.
    std::string provider;
    std::string provider_method;
    std::string provider_path;
    /// The provider accepts it and finishes it later.
    bool is_accepted_only = false;
};

/// A system whose connections were read, and a caller who may change things.
class Orders {
  public:
    Orders();

    RunningSystem& system() { return system_; }

    /// One of each kind, each about another subject, so that none waits for another. Effects count from here.
    std::vector<Order> one_of_each();
    /// Asks once, on a connection of its own. Throws std::runtime_error where no answer comes.
    Answer ask(const Order& order);
    /// Asks again until the change is done, or accepted where that is all.
    Answer ask_until_done(const Order& order);
    /// The provider does the next such order, and answers late.
    void answer_late(const Order& order, std::chrono::milliseconds by);

    /// Of the login of this T-DX connection.
    std::string own_profile(const std::string& connection);

  private:
    Order preferences();
    Order attribute(const std::string& connection);
    Order deletion();
    Order creation();
    Order closing();
    [[nodiscard]] std::string new_key();

    RunningSystem system_{"3s", 300};
    /// A key with the scope for it.
    std::string caller_;
    std::vector<std::string> groups_;
    std::vector<std::string> users_;
    int made_ = 0;
    bool german_ = false;
};

}  // namespace tributary::e2e
