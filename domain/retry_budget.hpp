// How many requests to a host may be second attempts. Retries help against a stumble and make an outage
// worse, so they are earned: each first attempt pays for a tenth of a retry. Pure.
#pragma once

namespace tributary::domain {

class RetryBudget {
  public:
    /// First attempts that pay for one retry: retries are at most 10 % of the requests.
    static constexpr int attempts_a_retry = 10;
    /// Retries that can be saved up, and that a new host starts with.
    static constexpr int most_saved = 10;

    /// A first attempt is made.
    void earn() {
        if (saved_ < most_saved * attempts_a_retry) {
            ++saved_;
        }
    }

    /// True where a retry may be made, and pays for it.
    bool spend() {
        if (saved_ < attempts_a_retry) {
            return false;
        }
        saved_ -= attempts_a_retry;
        return true;
    }

  private:
    /// In first attempts.
    int saved_ = most_saved * attempts_a_retry;
};

}  // namespace tributary::domain
