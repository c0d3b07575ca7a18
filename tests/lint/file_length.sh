#!/usr/bin/env bash
# file_length.sh ROOT: no source above 400 lines, unless one of its first five says `Longer than 400 lines because ...`.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"
failed=0
while IFS= read -r -d '' file; do
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 400 ] && ! head -n 5 "$file" | grep -qE 'Longer than 400 lines because [^ ]'; then
        printf '%s: %d lines; split it by what changes together\n' "$file" "$lines"
        failed=1
    fi
done < <("$here/sources.sh" . cpp hpp sql sh && if [ -f dev ]; then printf 'dev\0'; fi)
exit "$failed"
