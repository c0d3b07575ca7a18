#!/usr/bin/env bash
# clang_tidy.sh ROOT BUILD JOBS: clang-tidy on every translation unit that the configured build tree BUILD knows, with
# the checks of .clang-tidy. A unit that came out clean is not looked at again until something it sees has changed.
set -euo pipefail

# The checks for FILE: those of the tree, and those that its folder changes.
configuration_of() {
    cat "$configuration"
    if [[ $1 == */tests/* ]]; then cat "${configuration%/*}/tests/.clang-tidy"; fi
}

# One unit: FILE, and the folder and command that compile it.
check() {
    local file=$1 folder=$2 command=$3 key said
    # What the compiler sees, comments included (they may hold a NOLINT), and the checks that apply.
    key=$( (cd -- "$folder" && bash -c "$command -E -C -o -" 2>/dev/null && configuration_of "$file") | sha256sum | cut -c1-32) || {
        printf '%s: cannot be preprocessed; see what its command in %s/compile_commands.json says\n' "$file" "$build"
        return 1
    }
    if [ -e "$clean/$key" ]; then return 0; fi
    if said=$(clang-tidy-19 -p "$build" --quiet "$file" 2>/dev/null) && [ -z "$said" ]; then
        touch "$clean/$key"
        return 0
    fi
    printf '%s\n' "${said:-$file: clang-tidy ended with an error}"
    return 1
}

if [ "$1" = --check ]; then
    shift
    check "$@"
    exit
fi
cd -- "$1"
build=$2 jobs=$3 configuration=$PWD/.clang-tidy clean=$PWD/$2/clang-tidy
mkdir -p "$clean"
find "$clean" -type f -mtime +30 -delete
export build configuration clean
units=$(jq length "$build/compile_commands.json")
printf '==> clang-tidy: %d units, %d at a time\n' "$units" "$jobs"
jq -r '.[] | .file, .directory, .command' "$build/compile_commands.json" | tr '\n' '\0' |
    xargs -0 -n 3 -P "$jobs" "tests/lint/${BASH_SOURCE[0]##*/}" --check
