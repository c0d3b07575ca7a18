#!/usr/bin/env bash
# format.sh ROOT: every source is as clang-format leaves it; `./dev fmt` mends it.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"
# clang-format names each place; one line a file is enough to act on.
if ! said=$("$here/sources.sh" . cpp hpp | xargs -0r clang-format-19 --dry-run --Werror 2>&1); then
    sed -nE 's/^([^: ]+):[0-9]+:[0-9]+: error: code should be clang-formatted.*/\1: not formatted; .\/dev fmt mends it/
             /error: |not formatted/p' <<<"$said" | sort -u
    exit 1
fi
