#!/usr/bin/env bash
# The checks of this folder, held against small trees: each finds what it is there for, and nothing in a clean one.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf -- "$tree"' EXIT
failed=0

put() {
    mkdir -p "$tree/${1%/*}"
    printf '%b\n' "$2" >"$tree/$1"
}

# expect CHECK WORDS PATH CONTENT: with this file in the tree the check fails and says so, without it the check passes.
expect() {
    local check=$1 words=$2 said
    put "$3" "$4"
    if said=$("$here/$check.sh" "$tree"); then
        printf '%s did not object to %s\n' "$check" "$3"
        failed=1
    elif [[ $said != "$3"*"$words"* ]]; then
        printf '%s said of %s: %s\n' "$check" "$3" "$said"
        failed=1
    fi
    rm -f "$tree/$3"
    if ! said=$("$here/$check.sh" "$tree"); then
        printf '%s objected to a clean tree: %s\n' "$check" "$said"
        failed=1
    fi
}

put domain/a.hpp '#include "domain/b.hpp"\n#include <vector>'
put adapters/http/a.cpp '#include <boost/beast/http.hpp>\n#include "domain/a.hpp"'
put adapters/postgres/a.cpp '#include <pqxx/pqxx>'
put adapters/tdx/a.cpp '#include "adapters/tdx/b.hpp"\n#include "adapters/http/client/client.hpp"'
put services/sync/a.cpp '#include "domain/ports/clock.hpp"\n#include "config/settings.hpp"'
put services/app/a.cpp '#include "adapters/tdx/b.hpp"\n#include "adapters/postgres/b.hpp"'
put tests/unit/a.cpp '#include "adapters/tdx/b.hpp"\n#include <boost/beast/http.hpp>'
put build/a.cpp '#include <pqxx/pqxx>'
put migrations/0001_a.sql 'SELECT 1 WHERE x = ANY(ARRAY(SELECT y FROM z LIMIT 3)) OR x IN (SELECT y FROM z);'
put domain/long.cpp "// Longer than 400 lines because it is one table.\n$(printf '\\n%.0s' {1..400})"

direction=include_direction
expect $direction 'domain/ knows only itself' domain/x.hpp '#include "adapters/http/a.hpp"'
expect $direction 'domain/ knows only itself' domain/x.hpp '  # include <services/sync/a.hpp>'
expect $direction 'knows only domain/' config/x.cpp '#include "services/app/a.hpp"'
expect $direction 'never look up' adapters/http/x.cpp '#include "services/api/a.hpp"'
expect $direction 'only services/app' services/sync/x.cpp '#include "adapters/crypto/a.hpp"'
expect $direction 'its own folder' adapters/tdx/x.cpp '#include "adapters/upvest/a.hpp"'
expect $direction 'its own folder' adapters/http/x.cpp '#include "adapters/fourth/a.hpp"'
expect $direction 'nothing of the store' adapters/fourth/x.cpp '#include "adapters/postgres/a.hpp"'
expect $direction 'adapters/postgres' services/app/x.cpp '#include <pqxx/pqxx>'
expect $direction 'adapters/http' services/api/x.cpp '#include <boost/beast/core.hpp>'
expect $direction 'root of the repository' tests/x.cpp '#include "../domain/a.hpp"'
expect $direction 'only tests' services/api/x.cpp '#include "tests/support/a.hpp"'
expect $direction 'not used' adapters/http/x.cpp '#include <boost/url.hpp>'

expect banned_names 'domain/json' adapters/tdx/x.cpp 'boost::json::stream_parser p;'
expect banned_names 'strict JSON' adapters/tdx/x.cpp 'options.allow_comments = true;'
expect banned_names 'ANY(ARRAY' migrations/0002_x.sql 'DELETE FROM a WHERE id in (SELECT id FROM b\n WHERE c = 1\n LIMIT 3);'
expect banned_names ':3:' domain/x.hpp '\n\n  json::stream_parser p;'
expect banned_names 'fmt' domain/x.hpp '#include <format>'

expect file_length '401 lines' adapters/http/x.cpp "$(printf '\\n%.0s' {1..400})"
expect file_length '402 lines' adapters/http/x.cpp "// Longer than 400 lines because\n$(printf '\\n%.0s' {1..400})"

expect migration_numbers 'next number is 0002' migrations/0003_x.sql ''
expect migration_numbers 'next number is 0002' migrations/0001_x.sql ''
expect migration_numbers 'is named like' migrations/x.sql ''

exit "$failed"
