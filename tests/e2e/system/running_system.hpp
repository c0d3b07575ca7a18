// The whole system as a user runs it: a database, the sandbox of the providers, and `tributary serve`. One a
// program, started on first use; its processes end with the program, and their logs are shown where a test
// failed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "domain/uuid.hpp"
#include "tests/e2e/system/api.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/e2e/system/sandbox.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/database.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tributary::e2e {

class RunningSystem {
  public:
    /// The program's system: started, every connection of the sandbox made, nothing synced yet.
    static RunningSystem& get();
    /// The same with every connection synced at least once.
    static RunningSystem& synced();

    /// `lease` as `sync.lease` takes it; empty for the default.
    explicit RunningSystem(const std::string& lease = {}, int upvest_groups = Sandbox::usual_groups);

    tests::Database& database() { return database_; }

    Sandbox& sandbox() { return *sandbox_; }

    [[nodiscard]] const ProgramSettings& settings() const { return settings_; }

    [[nodiscard]] const Secrets& secrets() const { return secrets_; }

    [[nodiscard]] const domain::Uuid& tenant() const { return tenant_; }

    /// Everything the tenant may do.
    Api& api() { return *api_; }

    /// A client with another key.
    [[nodiscard]] Api api_with(const std::string& key) const;
    /// A key of a tenant, made by the command line.
    std::string make_key(const std::string& tenant, const std::string& scopes);
    /// Runs the command line; the test fails where it does. What it printed, as JSON.
    json::Value command(std::vector<std::string> words);

    /// The ids of our connections by name.
    [[nodiscard]] const std::map<std::string, std::string>& connections() const { return connections_; }

    [[nodiscard]] std::vector<std::string> connection_names() const;
    /// Makes a connection out of a body of the sandbox; never on a schedule, so that nothing runs unasked.
    std::string connect(json::Object body);
    /// DELETE, and waits until it is gone.
    void disconnect(const std::string& name);
    /// Syncs these connections side by side and waits: the finished runs by connection name.
    std::map<std::string, json::Value> sync(const std::vector<std::string>& names);
    /// The same, and the test fails where a run did not succeed.
    void sync_well(const std::vector<std::string>& names);

    /// A service of this system, ready to answer: the one that api() asks, or another replica on other ports.
    [[nodiscard]] std::unique_ptr<tests::ChildProcess> serve(const ProgramSettings& settings) const;
    void stop_service();
    void start_service();

    [[nodiscard]] pid_t service_pid() const { return service_->pid(); }

    /// SIGKILL; start_service() follows.
    void kill_service() { service_->kill(); }

    /// The log files of the two processes.
    [[nodiscard]] std::vector<std::string> logs() const;
    /// The same of the system that was started last; none where none was.
    static const std::vector<std::string>& logs_of_last();

  private:
    void migrate_and_make_tenant();
    json::Value wait_for_run(const std::string& run);

    tests::TemporaryFolder folder_;
    tests::Database database_;
    ProgramSettings settings_;
    std::unique_ptr<Sandbox> sandbox_;
    std::unique_ptr<tests::ChildProcess> service_;
    Secrets secrets_;
    domain::Uuid tenant_;
    std::unique_ptr<Api> api_;
    std::map<std::string, std::string> connections_;
    bool synced_ = false;
};

}  // namespace tributary::e2e
