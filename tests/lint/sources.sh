#!/usr/bin/env bash
# sources.sh ROOT EXTENSION...: the project's own files of these kinds, NUL-separated, relative to ROOT.
# It walks the folders instead of asking git, so that it also works in an unpacked archive.
set -euo pipefail
cd -- "$1"
shift
kinds=()
for extension in "$@"; do kinds+=(-o -name "*.$extension"); done
find . \( -path ./build -o -path ./.dev -o -path ./.git -o -name node_modules \) -prune \
    -o -type f \( "${kinds[@]:1}" \) -printf '%P\0' | sort -z
