#!/usr/bin/env bash
# migration_numbers.sh ROOT: migrations are named 0001_what.sql, 0002_what.sql, ... without a gap or a number twice.
set -euo pipefail
cd -- "$1"
failed=0 expected=1
for file in migrations/*.sql; do
    [ -e "$file" ] || break
    name=${file##*/}
    if ! [[ $name =~ ^([0-9]{4})_[a-z0-9_]+\.sql$ ]]; then
        printf '%s: a migration is named like 0001_what_it_adds.sql\n' "$file"
        failed=1
    elif [ "$((10#${BASH_REMATCH[1]}))" != "$expected" ]; then
        printf '%s: the next number is %04d\n' "$file" "$expected"
        failed=1
    fi
    expected=$((expected + 1))
done
exit "$failed"
