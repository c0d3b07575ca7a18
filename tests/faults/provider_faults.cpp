// Tries every provider fault on every adapter and tells what did not hold. Exits with 1 on a violation, with
// 2 where the command line is wrong.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

#include "tests/faults/catalogue.hpp"

using namespace tributary::faults;

namespace {

struct Figures {
    std::size_t struck = 0;
    std::size_t checks = 0;
    std::size_t violations = 0;
    std::size_t cells = 0;
};

Trial attempt(const ProviderFault& fault, const std::string& provider, bool full) {
    Trial trial(provider, full);
    try {
        fault.attempt(trial);
    } catch (const std::exception& thrown) {
        trial.expect(false, std::string("it ended by an exception: ") + thrown.what());
    }
    trial.expect(trial.times_struck() > 0, "the fault never struck");
    return trial;
}

void show(const ProviderFault& fault, const std::string& provider, const Trial& trial, double seconds) {
    std::printf("%-4s %-36s %-10s %8zu struck %8zu checks %4zu violations %6.1f s\n",
                std::string(fault.id).c_str(), std::string(fault.name).c_str(), provider.c_str(),
                trial.times_struck(), trial.checks(), trial.violations(), seconds);
    for (const std::string& text : trial.texts()) {
        std::printf("       %s\n", text.c_str());
    }
    std::fflush(stdout);
}

/// Of what to try; empty names everything.
struct Choice {
    std::string fault;
    std::string provider;
    bool sample = false;
};

/// Shows each as it is done.
Figures attempt_all(const Choice& choice) {
    Figures figures;
    for (const ProviderFault& fault : all_faults()) {
        if (!choice.fault.empty() && fault.id != choice.fault) {
            continue;
        }
        for (const std::string provider : {"tastytrade", "tdx", "upvest"}) {
            if (!choice.provider.empty() && provider != choice.provider) {
                continue;
            }
            if (fault.not_for.find(provider) != std::string_view::npos) {
                std::printf("%-4s %-36s %-10s  does not apply\n", std::string(fault.id).c_str(),
                            std::string(fault.name).c_str(), provider.c_str());
                continue;
            }
            const auto before = std::chrono::steady_clock::now();
            const Trial trial = attempt(fault, provider, !choice.sample);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
            show(fault, provider, trial, took.count());
            figures.struck += trial.times_struck();
            figures.checks += trial.checks();
            figures.violations += trial.violations();
            ++figures.cells;
        }
    }
    return figures;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        CLI::App app("Provider faults against the adapters and the sync engine.");
        Choice choice;
        // Where a value was left out, the next option would be taken for it.
        const auto no_option = [](const std::string& value) {
            return value.starts_with('-') ? "takes a value, not '" + value + "'" : std::string();
        };
        app.add_option("--fault", choice.fault, "One fault, e.g. P07")->check(no_option);
        app.add_option("--provider", choice.provider, "One adapter: tastytrade, tdx or upvest")
            ->check(no_option);
        app.add_flag("--sample", choice.sample, "What the tests run: less of everything");
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& problem) {
            return app.exit(problem) == 0 ? 0 : 2;
        }
        const Figures figures = attempt_all(choice);
        std::printf("%zu violations, %zu faults on adapters, struck %zu times, %zu checks\n",
                    figures.violations, figures.cells, figures.struck, figures.checks);
        return figures.violations == 0 && figures.cells > 0 ? 0 : 1;
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%s\n", thrown.what());
        return 1;
    }
}
