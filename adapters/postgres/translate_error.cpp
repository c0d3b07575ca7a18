#include "adapters/postgres/translate_error.hpp"

#include <new>
#include <string_view>
#include <typeinfo>

#include "adapters/postgres/compat.hpp"
#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

using domain::Errc;

struct Meaning {
    std::string_view sqlstate;  ///< a whole state, or a class of two characters
    Errc code;
    std::string_view detail;
};

// The first match counts.
constexpr Meaning meanings[] = {
    {"57014", Errc::timed_out, "the database did not finish a statement in time"},
    {"55P03", Errc::timed_out, "a lock in the database was not free in time"},
    {"57P01", Errc::unavailable, "the database ended our session"},
    {"57P02", Errc::unavailable, "the database crashed and is restarting"},
    {"57P03", Errc::unavailable, "the database is starting or stopping"},
    {"25006", Errc::unavailable, "the database is read-only; it may be a standby"},
    {"25P03", Errc::unavailable, "the database ended a transaction that stood idle"},
    {"53", Errc::unavailable, "the database is short of disk, memory or connections"},
    {"58", Errc::unavailable, "the database has a system error"},
    {"08", Errc::unavailable, "the connection to the database was lost"},
    {"28", Errc::configuration, "the database refused our user; check database.url"},
    {"3D", Errc::configuration, "the database named in database.url does not exist"},
    {"42501", Errc::configuration,
     "our database user lacks a permission: let the user in database.url own the database and all that "
     "`tributary migrate` made in it, or name it in database.role and run `tributary migrate` as the owner"},
    {"42P01", Errc::configuration, "a table is missing: run `tributary migrate`"},
    {"42703", Errc::configuration, "a column is missing: run `tributary migrate`"},
    {"26000", Errc::configuration,
     "a prepared statement is not there: behind a pooler in transaction mode set database.prepared to false"},
    {"42P05", Errc::configuration,
     "a prepared statement is there already: behind a pooler in transaction mode set database.prepared to "
     "false"},
    {"23", Errc::conflict, "the database refused a row that contradicts another"},
    {"22021", Errc::contract, "a text is not valid UTF-8 and cannot be stored"},
};

Translated from_sqlstate(std::string_view sqlstate) {
    for (const auto& meaning : meanings) {
        if (sqlstate.starts_with(meaning.sqlstate)) {
            // A session whose prepared statements do not fit is of no more use.
            const bool lost = sqlstate.starts_with("57P") || sqlstate.starts_with("08") ||
                              sqlstate == "25P03" || sqlstate == "26000" || sqlstate == "42P05";
            return {{meaning.code, std::string(meaning.detail) + " (SQLSTATE " + std::string(sqlstate) + ")"},
                    false,
                    lost};
        }
    }
    return {{Errc::internal, "the database refused a statement (SQLSTATE " + std::string(sqlstate) + ")"}};
}

/// libpq knows no SQLSTATE while connecting, so its text is all there is to tell a setting from an absence.
Translated from_broken(std::string_view what) {
    // libpq looks at the values of its options only when it connects.
    for (const std::string_view value :
         {"invalid port number", "invalid integer value", " value: \"", "could not match"}) {
        if (what.find(value) != std::string_view::npos) {
            return {{Errc::configuration, "an option in database.url has a value that libpq does not take"},
                    false,
                    true};
        }
    }
    if (what.find("does not support SSL") != std::string_view::npos) {
        return {{Errc::configuration,
                 "the database speaks no TLS, which sslmode in database.url asks for: turn ssl on at the "
                 "server, or "
                 "take another sslmode"},
                false,
                true};
    }
    for (const std::string_view setting : {"password authentication failed", "does not exist",
                                           "no pg_hba.conf entry", "invalid connection option", "invalid URI",
                                           "missing \"=\"", "no password supplied", "certificate"}) {
        if (what.find(setting) != std::string_view::npos) {
            return {{Errc::configuration, "the database refused the connection; check database.url"},
                    false,
                    true};
        }
    }
    return {
        {Errc::unavailable, "the database cannot be reached, or the connection was lost; check that it runs"},
        false,
        true};
}

}  // namespace

// The order of the handlers matters: in libpqxx 6 a rollback is no sql_error, in 7 it is one.
Translated translate_current_exception() {
    try {
        throw;
    } catch (const Failure& failure) {
        return {failure.error};
    } catch (const pqxx::in_doubt_error&) {
        return {{Errc::in_doubt, "the connection was lost during COMMIT: look before doing it again"},
                false,
                true};
    } catch (const pqxx::statement_completion_unknown&) {
        return {{Errc::in_doubt, "the outcome of a statement is unknown: look before doing it again"},
                false,
                true};
    } catch (const pqxx::transaction_rollback&) {
        return {{Errc::conflict, "the transaction met another one each time it was tried; try again"}, true};
    } catch (const pqxx::broken_connection& broken) {
        return from_broken(broken.what());
    } catch (const pqxx::insufficient_privilege&) {
        return from_sqlstate("42501");  // libpqxx 6 forgets these states
    } catch (const pqxx::undefined_table&) {
        return from_sqlstate("42P01");
    } catch (const pqxx::undefined_column&) {
        return from_sqlstate("42703");
    } catch (const pqxx::invalid_sql_statement_name&) {
        Translated unknown = from_sqlstate("26000");
        unknown.unknown_name = true;
        return unknown;
    } catch (const pqxx::feature_not_supported&) {
        // It may be a statement that was prepared before a migration changed its columns: on a new session it
        // is prepared anew (through a pooler that carries statements, once that was told to reconnect).
        Translated unfit = from_sqlstate("0A000");
        unfit.retry = true;
        unfit.connection_lost = true;
        return unfit;
    } catch (const pqxx::sql_error& refused) {
        return from_sqlstate(refused.sqlstate());
    } catch (const std::bad_alloc&) {
        return {{Errc::unavailable, "out of memory"}, false, true};
    } catch (const std::exception& bug) {
        // Its type only: what() may quote a value.
        return {{Errc::internal,
                 std::string("a database job failed by a bug of this program: ") + typeid(bug).name()},
                false,
                true};
    }
}

}  // namespace tributary::postgres
