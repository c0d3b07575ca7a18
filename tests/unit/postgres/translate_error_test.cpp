#include "adapters/postgres/translate_error.hpp"

#include <doctest/doctest.h>

#include <pqxx/pqxx>

#include "adapters/postgres/failure.hpp"

using namespace tributary;
using domain::Errc;
using postgres::Translated;

namespace {

template <class Exception>
Translated translation_of(const Exception& thrown) {
    try {
        throw thrown;
    } catch (...) {
        return postgres::translate_current_exception();
    }
}

Translated translation_of_state(const char* sqlstate) {
    return translation_of(pqxx::sql_error("refused: Key (email)=(ada@example.org)", "SELECT 1", sqlstate));
}

}  // namespace

TEST_CASE("a SQLSTATE is translated by its own meaning first, then by its class") {
    CHECK(translation_of_state("57014").error.code == Errc::timed_out);
    CHECK(translation_of_state("55P03").error.code == Errc::timed_out);
    CHECK(translation_of_state("53100").error.code == Errc::unavailable);
    CHECK(translation_of_state("25006").error.code == Errc::unavailable);
    CHECK(translation_of_state("23505").error.code == Errc::conflict);
    CHECK(translation_of_state("42P01").error.code == Errc::configuration);
    CHECK(translation_of_state("XX000").error.code == Errc::internal);
}

TEST_CASE("an error never quotes the database's message, which may quote a row") {
    CHECK(translation_of_state("23505").error.detail.find("ada@example.org") == std::string::npos);
}

TEST_CASE("a session that the server ended is not used again") {
    CHECK(translation_of_state("57P01").connection_lost);
    CHECK(translation_of_state("08006").connection_lost);
    CHECK_FALSE(translation_of_state("57014").connection_lost);
    CHECK(translation_of(pqxx::broken_connection("gone")).connection_lost);
    CHECK(translation_of(pqxx::broken_connection("gone")).error.code == Errc::unavailable);
}

TEST_CASE("a refused login is a matter of configuration, not of waiting") {
    const auto refused =
        translation_of(pqxx::broken_connection("FATAL: password authentication failed for user"));
    CHECK(refused.error.code == Errc::configuration);
}

TEST_CASE("an option whose value libpq refuses on connecting is a matter of configuration") {
    for (const char* message : {"invalid sslmode value: \"perhaps\"", "invalid port number: \"99999\"",
                                "invalid integer value \"x\" for connection option \"keepalives\"",
                                "could not match 2 port numbers to 3 hosts"}) {
        CAPTURE(message);
        CHECK(translation_of(pqxx::broken_connection(message)).error.code == Errc::configuration);
    }
}

TEST_CASE("a server without TLS where TLS is asked for is a matter of configuration") {
    const auto refused =
        translation_of(pqxx::broken_connection("server does not support SSL, but SSL was required"));
    CHECK(refused.error.code == Errc::configuration);
    CHECK(refused.error.detail.find("sslmode") != std::string::npos);
}

TEST_CASE("a missing table, column or permission says what to do, whatever libpqxx tells of it") {
    CHECK(translation_of(pqxx::undefined_table("?")).error.detail.find("migrate") != std::string::npos);
    CHECK(translation_of(pqxx::undefined_column("?")).error.detail.find("migrate") != std::string::npos);
    const auto lacking = translation_of(pqxx::insufficient_privilege("?")).error;
    CHECK(lacking.code == Errc::configuration);
    CHECK(lacking.detail.find("own the database") != std::string::npos);
}

TEST_CASE("a prepared statement that is not there, or there twice, says which setting a pooler wants") {
    for (const Translated& translated :
         {translation_of(pqxx::invalid_sql_statement_name("?")), translation_of_state("42P05")}) {
        CHECK(translated.error.code == Errc::configuration);
        CHECK(translated.error.detail.find("database.prepared") != std::string::npos);
        CHECK(translated.connection_lost);
    }
}

TEST_CASE("a prepared statement that fits the schema no more is tried again on another session") {
    const Translated translated = translation_of(pqxx::feature_not_supported("?"));
    CHECK(translated.error.code == Errc::internal);
    CHECK(translated.retry);
    CHECK(translated.connection_lost);
}

TEST_CASE("neither a conflict of our own nor a lost COMMIT is retried by the pool on its own") {
    CHECK_FALSE(translation_of(postgres::Failure{{Errc::conflict, "taken"}}).retry);
    CHECK_FALSE(translation_of(pqxx::in_doubt_error("lost")).retry);
    CHECK(translation_of(pqxx::in_doubt_error("lost")).error.code == Errc::in_doubt);
}

TEST_CASE("an exception of no database is a bug") {
    CHECK(translation_of(std::logic_error("?")).error.code == Errc::internal);
}
