#!/usr/bin/env bash
# banned_names.sh ROOT: names that compile and are wrong here, each with what to write instead.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"
failed=0

# ban PATTERN ADVICE EXTENSION...: the pattern (PCRE) may span lines.
ban() {
    local pattern=$1 advice=$2 file line
    shift 2
    while IFS= read -r -d '' file; do
        line=$(grep -Pzob "$pattern" "$file" | tr '\0' '\n' | head -n 1)
        line=$(head -c "${line%%:*}" "$file" | wc -l)
        printf '%s:%d: %s\n' "$file" "$((line + 1))" "$advice"
        failed=1
    done < <("$here/sources.sh" . "$@" | xargs -0r grep -PzlZ "$pattern")
}

# Before a comment begins on its line: a comment may well name what is banned, and say why.
code='(?m)^(?:(?!//).)*?'
ban "$code\\bstream_parser\\b" 'json::stream_parser accepts what json::parse refuses; use domain/json/parse.hpp' cpp hpp
ban "$code\\ballow_(comments|trailing_commas)\\b" 'providers and callers speak strict JSON' cpp hpp
ban '(?i)\bIN\s*\(\s*SELECT\b[^;()]*\bLIMIT\b' \
    'PostgreSQL may run this subquery more than once and pass the limit; use = ANY(ARRAY(SELECT ... LIMIT n))' cpp hpp sql
ban '(?m)^[ \t]*#[ \t]*include\s*<format>' 'libstdc++ 12 has no <format>; use fmt' cpp hpp
exit "$failed"
