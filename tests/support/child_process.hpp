// A program that a test starts: its output goes to files, and it ends with the test program, however that
// ends.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tributary::tests {

struct Command {
    /// The program's path, then its arguments.
    std::vector<std::string> words;
    /// Added to the test program's own environment, which is passed on without its TRIBUTARY_* variables.
    std::vector<std::pair<std::string, std::string>> environment = {};
    /// Where the output goes; both may be one file. It is appended.
    std::string out_file = "/dev/null";
    std::string error_file = "/dev/null";
};

class ChildProcess {
  public:
    /// Throws std::runtime_error where the program cannot be started.
    explicit ChildProcess(const Command& command);
    /// Asks it to end, and after ten seconds makes it.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] bool running();

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// SIGTERM, then the exit code as wait() gives it; -1 where it had to be killed.
    int stop();
    /// SIGKILL, as a power cut would: it cannot clean up anything.
    void kill();
    /// Waits for its end: the exit code, or 128 and the signal's number.
    int wait();

  private:
    bool reap(int options);

    pid_t pid_ = -1;
    std::optional<int> code_;
};

struct Finished {
    int code = -1;
    std::string out;
    std::string error;
};

/// Runs a program to its end; the files of `command` are not used.
Finished run_to_end(Command command);

/// Everything in a file; "" where there is none.
std::string text_of_file(const std::string& path);

}  // namespace tributary::tests
