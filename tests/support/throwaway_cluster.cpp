#include "tests/support/throwaway_cluster.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tributary::tests {

namespace fs = std::filesystem;

namespace {

/// Debian keeps the server programs off PATH, a folder a version.
fs::path server_programs() {
    fs::path newest;
    int newest_version = 0;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", absent)) {
        const int version = std::atoi(entry.path().filename().c_str());
        if (version > newest_version && fs::exists(entry.path() / "bin/initdb")) {
            newest_version = version;
            newest = entry.path() / "bin";
        }
    }
    if (newest.empty()) {
        throw std::runtime_error(
            "no PostgreSQL server programs in /usr/lib/postgresql: install the package postgresql");
    }
    return newest;
}

/// The server refuses to run as root. It ends with us, however we end.
std::vector<std::string> as_server_user(std::vector<std::string> command) {
    std::vector<std::string> words = {"/usr/bin/setpriv", "--pdeathsig", "INT"};
    if (geteuid() == 0) {
        words.insert(words.end(),
                     {"--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=-all"});
    }
    words.insert(words.end(), {"/usr/bin/env", "-u", "PGDATA", "LC_ALL=C.UTF-8", "HOME=/"});
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

/// Output goes to `log`; the working folder must be one that the server's user can read.
pid_t start(const std::vector<std::string>& words, const std::string& folder, const std::string& log) {
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error("cannot start " + words.front());
    }
    return pid;
}

void wait_until_ready(const std::string& url, pid_t server, const std::string& log) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (PQping(url.c_str()) != PQPING_OK) {
        if (waitpid(server, nullptr, WNOHANG) == server || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("the PostgreSQL server for the tests did not start; see " + log);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

/// Durable: with memory and checkpoints as a server that is measured has them. Else as cheap as it can be.
std::vector<std::string> settings(bool durable) {
    std::vector<std::string> settings{"listen_addresses=", "max_connections=200"};
    const auto add = [&](std::initializer_list<std::string> more) { settings.insert(settings.end(), more); };
    if (durable) {
        add({"fsync=on", "synchronous_commit=on", "full_page_writes=on", "wal_writer_delay=200ms",
             "shared_buffers=1GB", "max_wal_size=16GB", "checkpoint_timeout=1h"});
    } else {
        add({"fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_writer_delay=10s"});
    }
    return settings;
}

}  // namespace

std::string server_program(const std::string& name) {
    return server_programs() / name;
}

ThrowawayCluster::ThrowawayCluster(bool durable) {
    const fs::path programs = server_programs();
    char pattern[] = "/tmp/tributary-test-XXXXXX";
    if (mkdtemp(pattern) == nullptr) {
        throw std::runtime_error("cannot make a folder in /tmp");
    }
    folder_ = pattern;
    if (geteuid() == 0) {
        const passwd* user = getpwnam("postgres");
        if (user == nullptr || chown(pattern, user->pw_uid, user->pw_gid) != 0) {
            throw std::runtime_error("the user postgres is missing");
        }
    }
    const std::string log = folder_ + "/log";
    const pid_t initdb =
        start(as_server_user({programs / "initdb", "-D", folder_ + "/data", "-U", "postgres", "-E", "UTF8",
                              "--locale=C.UTF-8", "--auth=trust", "--no-sync"}),
              folder_, log);
    int status = 0;
    waitpid(initdb, &status, 0);
    if (status != 0) {
        throw std::runtime_error("initdb failed; see " + log);
    }
    std::vector<std::string> command{programs / "postgres", "-D", folder_ + "/data", "-k", folder_};
    for (const std::string& setting : settings(durable)) {
        command.insert(command.end(), {"-c", setting});
    }
    server_ = start(as_server_user(std::move(command)), folder_, log);
    url_ = "host=" + folder_ + " port=5432 user=postgres dbname=postgres";
    try {
        wait_until_ready(url_, server_, log);
    } catch (...) {
        stop();
        throw;
    }
}

ThrowawayCluster::~ThrowawayCluster() {
    stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void ThrowawayCluster::stop() noexcept {
    if (server_ > 0) {
        kill(server_, SIGQUIT);  // at once: nothing of it is kept
        waitpid(server_, nullptr, 0);
        server_ = -1;
    }
}

}  // namespace tributary::tests
