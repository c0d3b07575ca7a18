# shellcheck shell=bash
verb_test() {
    need_state
    need build web run format
    node_packages tests/contract
    build dev
    local log=$state/log/ctest.log rc=0 cores
    cores=$(jobs 1000)
    say "running the tests"
    # One more on four cores: some wait for each other's processes, or for time to pass.
    ctest --preset dev --no-tests=error --parallel "$((cores + cores / 4))" "$@" 2>&1 | tee "$log" || rc=$?
    tally "$log"
    [ "$rc" = 0 ] || return 1
}

# The last line, from CTest's own summary. A run without that summary has failed, however far it came.
tally() {
    awk '/tests passed, .* tests? failed out of/ { failed = $4; passed = $NF - $4; seen = 1 }
         END { if (seen) print passed " passed, " failed " failed"; else print "0 passed, 1 failed" }' "$1"
}
