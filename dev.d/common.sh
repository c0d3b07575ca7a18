# What every part of ./dev needs: words to the reader, the folders, locks, and how much may run at once.
# shellcheck shell=bash

# The caller's settings for PostgreSQL and for languages would steer the programs run here.
unset "${!PG@}" LC_ALL
export LC_ALL=C.UTF-8

state=$root/.dev
# Several checkouts live side by side: what cannot stand inside one is named by a hash of its path.
checkout_id=$(printf '%s' "$root" | sha256sum | cut -c1-12)

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
warn() { printf '%s\n' "dev: $*" >&2; }
die() {
    warn "$*"
    exit 1
}

# refuse_words VERB WORD...: for verbs that take none.
refuse_words() {
    if [ $# -gt 1 ]; then misuse "$1 takes no words, so '$2' is not understood."; fi
}

# positive OPTION [VALUE]: prints the value if it is a number from 1 on.
positive() {
    if ! [[ ${2:-} =~ ^[1-9][0-9]{0,9}$ ]]; then misuse "$1 needs a number from 1 on${2:+, not '$2'}."; fi
    printf '%s\n' "$2"
}

# misuse SENTENCE: the command line is wrong.
misuse() {
    warn "$*"
    exit 2
}

is_root() { [ "$(id -u)" = 0 ]; }

# The state folder, made on first use. A plain user cannot go on in what root has started.
need_state() {
    if ! mkdir -p "$state/lock" "$state/log" "$state/run" 2>/dev/null || ! [ -w "$state/lock" ]; then
        die "$state belongs to $(stat -c %U "$state" 2>/dev/null || echo 'another user'); run ./dev as that user, or from a checkout of your own."
    fi
}

# with_lock NAME COMMAND...: one at a time in this checkout. Waits, and says what it waits for. (The command stands
# alone on its line: in a condition, bash would go on after errors inside it.)
with_lock() {
    local name=$1 file fd
    shift
    file=$state/lock/$name
    exec {fd}>"$file"
    if ! flock -n "$fd"; then
        say "another ./dev holds the $name lock here; waiting for it"
        flock "$fd"
    fi
    "$@"
    exec {fd}>&-
}

# Closes every descriptor above 2 of the calling subshell, so that no background program keeps a lock.
drop_descriptors() {
    local path fd
    for path in /proc/self/fd/*; do
        fd=${path##*/}
        if [ "$fd" -gt 2 ] && [ "$fd" != 255 ]; then exec {fd}>&-; fi
    done
}

# secret_file PATH COMMAND...: writes the command's output to PATH, readable by its owner alone.
secret_file() {
    local path=$1
    shift
    (
        umask 077
        "$@" >"$path.new"
    )
    mv -- "$path.new" "$path"
}

random_hex() { od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# jobs MEBIBYTES: how many jobs of that size fit the cores and the memory, those of a container included.
jobs() {
    local size=$1 cores free limit used quota period fit
    cores=$(nproc)
    free=$(awk '/^MemAvailable:/{print int($2 / 1024)}' /proc/meminfo)
    if read -r quota period </sys/fs/cgroup/cpu.max && [ "$quota" != max ]; then
        fit=$(((quota + period - 1) / period))
        if [ "$fit" -lt "$cores" ]; then cores=$fit; fi
    fi 2>/dev/null
    if read -r limit </sys/fs/cgroup/memory.max && read -r used </sys/fs/cgroup/memory.current && [ "$limit" != max ]; then
        fit=$(((limit - used) / 1048576))
        if [ "$fit" -lt "$free" ]; then free=$fit; fi
    fi 2>/dev/null
    fit=$((free / size))
    if [ "$fit" -gt "$cores" ]; then fit=$cores; fi
    if [ "$fit" -lt 1 ]; then fit=1; fi
    printf '%s\n' "$fit"
}
