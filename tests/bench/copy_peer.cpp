#include "copy_peer.hpp"

#include <libpq-fe.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>

namespace tributary::bench {

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// libpq itself: nothing stands between the rows and the server.
class CopySession {
  public:
    explicit CopySession(const std::string& url) : connection_(PQconnectdb(url.c_str()), &PQfinish) {
        if (PQstatus(connection_.get()) != CONNECTION_OK) fail();
    }

    void exec(const std::string& sql, ExecStatusType wanted) {
        const Result result(PQexec(connection_.get(), sql.c_str()), &PQclear);
        if (PQresultStatus(result.get()) != wanted) fail();
    }

    std::vector<std::string> lines_of(const std::string& table) {
        exec("COPY " + table + " TO STDOUT", PGRES_COPY_OUT);
        std::vector<std::string> lines;
        char* line = nullptr;
        for (int size = 0; (size = PQgetCopyData(connection_.get(), &line, 0)) > 0;) {
            lines.emplace_back(line, static_cast<std::size_t>(size));
            PQfreemem(line);
        }
        finish();
        return lines;
    }

    void put(const std::string& table, const std::string& text) {
        exec("COPY " + table + " FROM STDIN", PGRES_COPY_IN);
        if (PQputCopyData(connection_.get(), text.data(), static_cast<int>(text.size())) != 1 ||
            PQputCopyEnd(connection_.get(), nullptr) != 1) {
            fail();
        }
        finish();
    }

  private:
    void finish() {
        for (;;) {
            const Result result(PQgetResult(connection_.get()), &PQclear);
            if (!result) return;
            if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail();
        }
    }

    [[noreturn]] void fail() const { throw std::runtime_error(PQerrorMessage(connection_.get())); }

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

struct Portion {
    const std::string* table;
    std::string text;
};

}  // namespace

const std::vector<std::string>& page_tables() {
    static const std::vector<std::string> tables{
        "records",     "raw_payloads",       "raw_history", "access",    "entities",
        "identifiers", "identifier_members", "links",       "customers", "memberships",
        "redirects",   "documents",          "history",     "commits",   "changes"};
    return tables;
}

void empty_page_tables(const tests::Database& database) {
    std::string list;
    for (const std::string& table : page_tables()) {
        list += (list.empty() ? "" : ", ") + table;
    }
    database.run("TRUNCATE " + list);
    database.run("UPDATE feed_head SET commit_no = 0");
    database.run("CHECKPOINT");
}

StoredRows::StoredRows(const tests::Database& database) {
    CopySession session(database.superuser_url());
    for (const std::string& name : page_tables()) {
        tables_.push_back({name, session.lines_of(name)});
        rows_ += tables_.back().lines.size();
    }
}

Seconds StoredRows::copy_back(const tests::Database& database, std::size_t transactions,
                              std::size_t sessions) const {
    std::vector<std::vector<Portion>> pages(transactions);
    for (std::size_t page = 0; page < transactions; ++page) {
        for (const Table& table : tables_) {
            std::string text;
            const std::size_t end = table.lines.size() * (page + 1) / transactions;
            for (std::size_t line = table.lines.size() * page / transactions; line < end; ++line) {
                text += table.lines[line];
            }
            if (!text.empty()) pages[page].push_back({&table.name, std::move(text)});
        }
    }
    std::vector<std::unique_ptr<CopySession>> open;
    for (std::size_t i = 0; i < sessions; ++i) {
        open.push_back(std::make_unique<CopySession>(database.superuser_url()));
    }
    std::vector<std::exception_ptr> failures(sessions);
    const auto write_share = [&](std::size_t session) {
        try {
            for (std::size_t page = session; page < transactions; page += sessions) {
                open[session]->exec("BEGIN", PGRES_COMMAND_OK);
                for (const Portion& portion : pages[page]) {
                    open[session]->put(*portion.table, portion.text);
                }
                open[session]->exec("COMMIT", PGRES_COMMAND_OK);
            }
        } catch (...) {
            failures[session] = std::current_exception();
        }
    };
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < sessions; ++i) {
            threads.emplace_back(write_share, i);
        }
    }
    const Seconds took = std::chrono::steady_clock::now() - start;
    for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
    database.run("UPDATE feed_head SET commit_no = (SELECT max(commit_no) FROM commits)");
    return took;
}

}  // namespace tributary::bench
