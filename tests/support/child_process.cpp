#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "tests/support/temporary_folder.hpp"

namespace tributary::tests {

namespace {

constexpr std::chrono::seconds grace{10};

std::vector<std::string> environment_of(const Command& command) {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with("TRIBUTARY_")) {
            variables.emplace_back(*entry);
        }
    }
    for (const auto& [name, value] : command.environment) {
        variables.push_back(name + "=" + value);
    }
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) {
    // The kernel ends the child when this program dies without having ended it.
    std::vector<std::string> words{"/usr/bin/setpriv", "--pdeathsig", "KILL"};
    words.insert(words.end(), command.words.begin(), command.words.end());
    std::vector<std::string> variables = environment_of(command);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND;
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, command.out_file.c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, command.error_file.c_str(), flags, 0600);
    const int error = posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, pointers_to(words).data(),
                                  pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error("cannot start " + command.words.front());
    }
}

ChildProcess::~ChildProcess() {
    stop();
}

bool ChildProcess::reap(int options) {
    int status = 0;
    if (!code_ && waitpid(pid_, &status, options) == pid_) {
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return code_.has_value();
}

bool ChildProcess::running() {
    return !reap(WNOHANG);
}

int ChildProcess::wait() {
    reap(0);
    return *code_;
}

int ChildProcess::stop() {
    if (!running()) {
        return *code_;
    }
    ::kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (!reap(WNOHANG)) {
        if (std::chrono::steady_clock::now() > deadline) {
            kill();
            return -1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return *code_;
}

void ChildProcess::kill() {
    if (running()) {
        ::kill(pid_, SIGKILL);
        reap(0);
    }
}

Finished run_to_end(Command command) {
    const TemporaryFolder folder;
    command.out_file = folder.path() + "/out";
    command.error_file = folder.path() + "/error";
    Finished finished;
    finished.code = ChildProcess(command).wait();
    finished.out = text_of_file(command.out_file);
    finished.error = text_of_file(command.error_file);
    return finished;
}

std::string text_of_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace tributary::tests
