# Installs the Debian packages that a verb needs and this machine has not got. Silent when there is nothing to do.
# shellcheck shell=bash

# packages_for SET: build (compile everything), web (what fetches from npm), run (what ./dev up and the tests start),
# format, lint, bench (the peers, and the load on them).
packages_for() {
    local set=$1 boost
    case $set in
        build)
            # Debian 12 keeps Boost 1.81 beside its default 1.74, which is too old.
            case $(debian_release) in
                12) boost=libboost1.81-dev ;;
                13) boost=libboost-dev ;;
            esac
            printf '%s\n' "$boost" ccache clang-19 cmake doctest-dev git libclang-rt-19-dev libcli11-dev libfmt-dev \
                libhowardhinnant-date-dev libpq-dev libpqxx-dev libspdlog-dev libssl-dev libtomlplusplus-dev libutf8proc-dev \
                lld-19 ninja-build pkg-config prometheus-cpp-dev
            ;;
        run) printf '%s\n' ca-certificates curl jq postgresql ;;
        format) printf '%s\n' clang-format-19 ;;
        bench) printf '%s\n' binutils nginx-light util-linux wrk ;;
        lint) printf '%s\n' clang-tidy-19 shellcheck ;;
        web) if ! has_node; then printf '%s\n' nodejs npm; fi ;;
    esac
}

# 12 or 13; anything else is told what to do instead.
debian_release() {
    local ID='' VERSION_ID=''
    # shellcheck source=/dev/null
    . /etc/os-release
    case $ID:$VERSION_ID in
        debian:12 | debian:13) printf '%s\n' "$VERSION_ID" ;;
        *) return 1 ;;
    esac
}

# need SET...: every package of these sets is installed when this returns.
need() {
    local release set missing
    local -a wanted=()
    release=$(debian_release) || die "this is not Debian 12 or 13; run ./dev in a container or machine of one of them."
    for set in "$@"; do mapfile -t -O "${#wanted[@]}" wanted < <(packages_for "$set"); done
    missing=$(missing_of "${wanted[@]}")
    if [ -z "$missing" ]; then return 0; fi
    # One installation at a time on the whole machine, whoever runs it: apt does not wait for its own lists.
    local fd
    exec {fd}</etc/debian_version
    flock -n "$fd" || { say "another installation is running; waiting for it" && flock "$fd"; }
    missing=$(missing_of "${wanted[@]}")
    if [ -n "$missing" ]; then install_packages "$release" "$missing"; fi
    exec {fd}<&-
}

missing_of() {
    printf '%s\n' "$@" | sort -u | comm -23 - <(
        dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u
    ) | xargs
}

install_packages() {
    local release=$1 missing=$2 log as_root=()
    if ! is_root; then
        if ! command -v sudo >/dev/null; then
            die "these packages are missing and there is no sudo here; as root run: apt-get install $missing"
        fi
        if ! sudo -n true 2>/dev/null && ! [ -t 0 ]; then
            die "these packages are missing and sudo asks for a password; run in a terminal: sudo apt-get install $missing"
        fi
        as_root=(sudo)
    fi
    log=$state/log/install.log
    say "Debian $release: installing $(wc -w <<<"$missing") packages: $missing"
    : >"$log"
    apt_get "$log" 'package lists' update || install_failed "$log"
    # shellcheck disable=SC2086  # a list of package names
    apt_get "$log" 'packages' install -y --no-install-recommends $missing || install_failed "$log"
    # shellcheck disable=SC2086
    missing=$(missing_of $missing)
    if [ -n "$missing" ]; then install_failed "$log" "still missing: $missing"; fi
}

install_failed() {
    tail -n 25 "$1" >&2
    die "the installation failed (${2:-apt-get ended with an error}); its whole output is in $1."
}

# apt_get LOG WHAT ARGS...: runs apt-get and shows how far it is, a line every tenth. Its own output goes to the log,
# its status lines come by descriptor 3, which is opened behind sudo because sudo closes what it does not know.
apt_get() {
    local log=$1 what=$2
    shift 2
    # shellcheck disable=SC2016  # the inner shell's arguments
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c 'exec apt-get "$@" 3>&1 1>&2' apt-get \
        -o APT::Status-Fd=3 -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0 "$@" 2>>"$log" </dev/null |
        awk -v log_file="$log" -v what="$what" -F: '
            $1 == "dlstatus" || $1 == "pmstatus" {
                stage = $1 == "dlstatus" ? "fetching" : "installing"
                tenth = int($3 / 10)
                if (stage tenth != last && tenth > 0) { printf "    %s %s: %d %%\n", stage, what, tenth * 10; fflush() }
                if (tenth > 0) last = stage tenth
                next
            }
            { print >> log_file }'
}
