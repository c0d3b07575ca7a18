// A PostgreSQL database for a test. The test program starts a throw-away cluster of its own (Debian's server
// programs, a temporary folder, a Unix socket) on first use, and ends it at exit. There is no other way to
// give it a server: what the tests may look at (every tenant's rows) and what the program under test may not
// depends on two roles that only a cluster of our own is sure to have.
#pragma once

#include <string>
#include <vector>

namespace tributary::tests {

/// Before the first database: this program's cluster forces its writes to disk, as a production server does.
void use_durable_cluster();

/// A fresh, empty database with a random name. Dropped with the object, sessions and all.
class Database {
  public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// For the program under test. Its role owns the database and is no superuser, so that row-level security
    /// holds.
    [[nodiscard]] const std::string& url() const { return url_; }

    /// The same database as a superuser, whom row-level security does not hold.
    [[nodiscard]] const std::string& superuser_url() const { return admin_url_; }

    /// Fills this one, which is empty, with what pg_dump tells of another. Throws where either program fails.
    void restore_from(const Database& other) const;

    /// Runs one statement past the program under test, on a connection of its own, as superuser. Fields as
    /// text, null as "". Throws where the statement fails.
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const std::string& sql) const;
    /// The same for a statement whose rows nobody needs.
    void run(const std::string& sql) const;
    /// The first field of the first row; "" where there is none.
    [[nodiscard]] std::string value(const std::string& sql) const;

  private:
    std::string name_;
    std::string url_;
    std::string admin_url_;
};

}  // namespace tributary::tests
