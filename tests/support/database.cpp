#include "tests/support/database.hpp"

#include <libpq-fe.h>

#include <memory>
#include <pqxx/pqxx>
#include <random>
#include <stdexcept>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/throwaway_cluster.hpp"

namespace tributary::tests {

namespace {

constexpr auto test_role = "tributary_test";

/// The connection string again, with some of its settings replaced.
std::string with_settings(const std::string& url,
                          const std::vector<std::pair<std::string, std::string>>& replacements) {
    char* fault = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), &fault), &PQconninfoFree);
    if (!options) {
        PQfreemem(fault);
        throw std::runtime_error("the cluster's URL is no connection string");
    }
    std::string text;
    const auto append = [&text](const std::string& key, const std::string& value) {
        text += key + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') text += '\\';
            text += c;
        }
        text += "' ";
    };
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        bool replaced = false;
        for (const auto& [key, value] : replacements) {
            replaced = replaced || key == option->keyword;
        }
        if (!replaced && option->val != nullptr) append(option->keyword, option->val);
    }
    for (const auto& [key, value] : replacements) {
        append(key, value);
    }
    return text;
}

void run_on(const std::string& url, const std::string& sql) {
    pqxx::connection connection(url);
    pqxx::nontransaction statement(connection);
    statement.exec(sql);
}

bool durable = false;

/// Where databases are made; one a program.
struct Server {
    ThrowawayCluster cluster{durable};

    Server() { run_on(cluster.superuser_url(), std::string("CREATE ROLE ") + test_role + " LOGIN"); }
};

const std::string& server_url() {
    static const Server server;
    return server.cluster.superuser_url();
}

std::string random_name() {
    std::random_device random;
    std::string name = "tributary_test_";
    for (int i = 0; i < 12; ++i) {
        name += static_cast<char>('a' + random() % 26);
    }
    return name;
}

}  // namespace

void use_durable_cluster() {
    durable = true;
}

Database::Database() : name_(random_name()) {
    run_on(server_url(),
           "CREATE DATABASE " + name_ + " OWNER " + test_role + " TEMPLATE template0 ENCODING 'UTF8'");
    admin_url_ = with_settings(server_url(), {{"dbname", name_}});
    url_ = with_settings(server_url(), {{"dbname", name_}, {"user", test_role}});
}

Database::~Database() {
    try {
        run_on(server_url(), "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const pqxx::failure&) {
        return;  // The server is gone, and the database with it.
    }
}

void Database::restore_from(const Database& other) const {
    const Finished dumped = run_to_end({.words = {server_program("pg_dump"), "--dbname", other.admin_url_}});
    if (dumped.code != 0) throw std::runtime_error("pg_dump failed: " + dumped.error);
    const TemporaryFolder folder;
    const std::string file = folder.file("dump.sql", dumped.out);
    const Finished restored =
        run_to_end({.words = {server_program("psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
                              "--dbname", admin_url_, "--file", file}});
    if (restored.code != 0) throw std::runtime_error("psql failed: " + restored.error);
}

std::vector<std::vector<std::string>> Database::rows(const std::string& sql) const {
    pqxx::connection connection(admin_url_);
    pqxx::nontransaction statement(connection);
    std::vector<std::vector<std::string>> all;
    for (const auto& row : statement.exec(sql)) {
        std::vector<std::string>& fields = all.emplace_back();
        for (const auto& field : row) {
            fields.emplace_back(field.c_str());
        }
    }
    return all;
}

void Database::run(const std::string& sql) const {
    run_on(admin_url_, sql);
}

std::string Database::value(const std::string& sql) const {
    const auto all = rows(sql);
    return all.empty() ? std::string() : all.front().front();
}

}  // namespace tributary::tests
