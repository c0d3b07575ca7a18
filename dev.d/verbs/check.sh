# shellcheck shell=bash
# ./dev check api: everything that ./dev test takes a sample of, in full, and what came of it.
verb_check() {
    if [ "${1:-}" != api ] || [ $# -gt 1 ]; then misuse "there is one check: ./dev check api."; fi
    local programs=(integration_api unit_jwt mutants integration_refresh integration_view e2e_freshness e2e_authorization)
    local program log failed=0
    need_state
    need build web run
    build release "${programs[@]}"
    for program in "${programs[@]}"; do
        log=$state/log/check-$program.log
        say "checking: $program"
        if TRIBUTARY_CHECK_FULL=1 TRIBUTARY_CHECK_TOLERANCE_MS=50 \
            "$(find build/release/tests -name "$program" -type f -perm -u+x)" >"$log" 2>&1; then
            # Every figure that a test tells, and how many tests there were.
            sed -nE 's/^.*: MESSAGE: /    /p; s/^\[doctest\] test cases: */    test cases: /p' "$log"
        else
            grep -m 40 -A 3 ERROR "$log" || tail -n 25 "$log"
            say "$program failed; $log has all of it"
            failed=1
        fi
    done
    return "$failed"
}
