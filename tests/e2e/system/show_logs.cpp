// Shows the end of the processes' logs where a test failed, and nothing where none did.
#include <doctest/doctest.h>

#include <iostream>

#include "tests/e2e/system/running_system.hpp"

namespace {

constexpr std::size_t shown = 6000;

class ShowLogs final : public doctest::IReporter {
  public:
    explicit ShowLogs(const doctest::ContextOptions&) {}

    void test_run_end(const doctest::TestRunStats& stats) override {
        if (stats.numTestCasesFailed == 0) return;
        for (const std::string& log : tributary::e2e::RunningSystem::logs_of_last()) {
            const std::string text = tributary::tests::text_of_file(log);
            std::cerr << "--- the end of " << log << "\n"
                      << text.substr(text.size() - std::min(text.size(), shown)) << "\n";
        }
    }

    void report_query(const doctest::QueryData&) override {}

    void test_run_start() override {}

    void test_case_start(const doctest::TestCaseData&) override {}

    void test_case_reenter(const doctest::TestCaseData&) override {}

    void test_case_end(const doctest::CurrentTestCaseStats&) override {}

    void test_case_exception(const doctest::TestCaseException&) override {}

    void subcase_start(const doctest::SubcaseSignature&) override {}

    void subcase_end() override {}

    void log_assert(const doctest::AssertData&) override {}

    void log_message(const doctest::MessageData&) override {}

    void test_case_skipped(const doctest::TestCaseData&) override {}
};

}  // namespace

REGISTER_LISTENER("show_logs", 1, ShowLogs);
