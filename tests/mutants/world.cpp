#include "tests/mutants/world.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/service_role.hpp"
#include "tests/mutants/inhabitants.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

namespace {

// Rows of ours are written anew after theirs, so that theirs come first wherever a table is read in its
// order. What hangs off time in the schedule does so by what each step arranges. Texts that statements look
// for keep what they are; those that are only handed on are marked.
constexpr auto make_twins = R"sql(
    DO $do$
    DECLARE
        t text; cols text; marks text;
    BEGIN
        SET LOCAL session_replication_role = 'replica';
        FOR t IN SELECT c.relname FROM pg_class c
                 JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnum = ANY(i.indkey)
                 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'tenants'
        LOOP
            SELECT string_agg(quote_ident(attname), ', '),
                   string_agg(CASE
                       WHEN atttypid = 'timestamptz'::regtype
                           THEN format('%1$I = %1$I - $1 * interval ''100 days''', attname)
                       WHEN attname IN ('body', 'normalized', 'raw', 'report', 'reason', 'error_detail', 'health_reason',
                                        'granted', 'evidence', 'rule', 'base_url', 'settings', 'payload', 'diff',
                                        'sealed_credentials', 'sealed', 'counts', 'next_step', 'accepted_by')
                           THEN format('%1$I = CASE WHEN $1 = 2 THEN ''foreign '' ELSE '''' END || %1$I', attname) END, ', ')
            INTO cols, marks
            FROM pg_attribute
            WHERE attrelid = t::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'tenant_id';
            EXECUTE format($f$DELETE FROM %I WHERE tenant_id = $theirs$f$, t);
            EXECUTE format($f$INSERT INTO %1$I (tenant_id, %2$s) SELECT $theirs, %2$s FROM %1$I WHERE tenant_id = $ours$f$,
                           t, cols);
            marks := coalesce(marks, 'tenant_id = tenant_id');
            EXECUTE format($f$UPDATE %I SET %s WHERE tenant_id = $theirs AND $1 = 2$f$, t, marks) USING 2;
            EXECUTE format($f$UPDATE %I SET %s WHERE tenant_id = $ours AND $1 = 1$f$, t, marks) USING 1;
        END LOOP;
        UPDATE tenants SET name = name WHERE tenant_id = $ours;
        UPDATE due_queue SET tenant_id = $theirs WHERE connection_id = $lent;
        UPDATE due_queue SET due_at = '2099-01-01', priority = 0, lease_owner = NULL, lease_until = NULL;
        UPDATE webhook_queue SET next_at = '2099-01-01';
        UPDATE action_queue SET next_at = '2099-01-01';
    END
    $do$)sql";

constexpr auto make_hashes = R"sql(
    SELECT string_agg(format($f$
        SELECT '%1$s',
               (SELECT md5(string_agg(concat_ws(' ', ctid, xmin, xmax, t::text), '|' ORDER BY ctid)) FROM %1$I t
                WHERE tenant_id = $ours),
               (SELECT md5(string_agg(concat_ws(' ', ctid, xmin, xmax, t::text), '|' ORDER BY ctid)) FROM %1$I t
                WHERE tenant_id = $theirs)$f$, relname), ' UNION ALL ' ORDER BY relname)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)sql";

constexpr auto make_ids = R"sql(
    SELECT string_agg(format('SELECT DISTINCT %1$I::text FROM %2$I', attname, relname), ' UNION ')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)sql";

constexpr auto take_wall_down = R"sql(
    SET ROLE tributary_test;
    DO $do$
    DECLARE
        t text;
    BEGIN
        FOR t IN SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %1$I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', t);
        END LOOP;
    END
    $do$)sql";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

/// The date of today, yesterday or tomorrow.
bool is_about_now(std::string_view date) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return std::ranges::any_of(std::array{-1, 0, 1}, [&](int offset) {
        return domain::to_text(domain::Timestamp(today + std::chrono::days(offset))).starts_with(date);
    });
}

/// How much of the beginning of `text` is a present time: a date and time, or microseconds since 1970.
std::size_t present_time_at(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-dd dd:dd:dd";
    if (const std::size_t digits = digits_at(text); digits == 16) {
        std::int64_t us = 0;
        const std::string_view number = text.substr(0, digits);
        std::from_chars(number.data(), number.data() + number.size(), us);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::abs(now - std::chrono::microseconds(us)) < std::chrono::hours(24) ? digits : 0;
    }
    if (text.size() < form.size()) return 0;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool fits = form[i] == 'd'   ? is_digit(text[i])
                          : form[i] == ' ' ? text[i] == ' ' || text[i] == 'T'
                                           : text[i] == form[i];
        if (!fits) return 0;
    }
    if (!is_about_now(text.substr(0, 10))) return 0;
    std::size_t end = form.size();
    if (end < text.size() && text[end] == '.') end += 1 + digits_at(text.substr(end + 1));
    return end;
}

/// The id that `text` begins with; empty where it begins with none.
std::string_view id_at(std::string_view text) {
    constexpr std::size_t length = 36;
    if (text.size() < length || text[8] != '-' || text[13] != '-') return {};
    const std::string_view id = text.substr(0, length);
    return domain::parse_uuid(id) ? id : std::string_view();
}

bool is_random(std::string_view id) {
    return id[14] == '4' || id[14] == '7';
}

}  // namespace

void make_service_role(const tests::Database& database) {
    const std::string role = service_role;
    if (database.rows("SELECT FROM pg_roles WHERE rolname = '" + role + "'").empty()) {
        database.run("CREATE ROLE " + role + " LOGIN");
    }
    tests::good(postgres::admit_service_role(database.url(), role));
}

std::string filled(std::string sql) {
    const std::array<std::pair<std::string, domain::Uuid>, 6> places{{{"$ours", ours},
                                                                      {"$theirs", theirs},
                                                                      {"$shared", shared},
                                                                      {"$lent", lent},
                                                                      {"$run1", first_run},
                                                                      {"$run2", second_run}}};
    for (const auto& [place, id] : places) {
        for (auto at = sql.find(place); at != std::string::npos; at = sql.find(place)) {
            sql.replace(at, place.size(), "'" + to_text(id) + "'");
        }
    }
    return sql;
}

World::World(Wall wall) {
    tests::good(postgres::migrate(database_.url()));
    make_inhabitants(database_);
    database_.run(filled(make_twins));
    hashes_ = database_.value(filled(make_hashes));
    for (const auto& id : database_.rows(database_.value(filled(make_ids)))) {
        known_ids_.insert(id[0]);
    }
    for (const auto& table : database_.rows("SELECT relname FROM pg_class WHERE relrowsecurity")) {
        walled_tables_.insert(table[0]);
    }
    if (wall == Wall::down) database_.run(take_wall_down);
}

std::string World::settled(const std::string& text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view(text).substr(at);
        if (const std::string_view id = id_at(rest); !id.empty()) {
            const bool is_new = is_random(id) && !known_ids_.contains(std::string(id));
            out += is_new ? std::string_view("a new id") : id;
            at += id.size();
        } else if (const std::size_t time = present_time_at(rest); time > 0) {
            out += "now";
            at += time;
        } else {
            const std::size_t digits = std::max<std::size_t>(1, digits_at(rest));
            out += rest.substr(0, digits);
            at += digits;
        }
    }
    return out;
}

}  // namespace tributary::mutants
