#!/usr/bin/env bash
# file_length.sh ROOT: no source above 400 lines, unless one of its first five says `Longer than 400 lines because ...`.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"
# shellcheck disable=SC2016  # the dollars are for awk
{ "$here/sources.sh" . cpp hpp sql sh && if [ -f dev ]; then printf 'dev\0'; fi; } | xargs -0r awk '
    function judge() {
        if (lines > 400 && !excused) { printf "%s: %d lines; split it by what changes together\n", file, lines; failed = 1 }
    }
    FNR == 1 { judge(); file = FILENAME; excused = 0 }
    FNR <= 5 && /Longer than 400 lines because [^ ]/ { excused = 1 }
    { lines = FNR }
    END { judge(); exit failed }'
