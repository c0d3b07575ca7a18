# shellcheck shell=bash
# ./dev check api|history: everything that ./dev test takes a sample of, in full, and what came of it.

# check_in_full LOG PROGRAM [ARG...]: false where it fails.
check_in_full() {
    local log=$state/log/check-$1.log program=$2
    shift 2
    if TRIBUTARY_CHECK_FULL=1 TRIBUTARY_CHECK_TOLERANCE_MS=50 \
        "$(find build/release/tests -name "$program" -type f -perm -u+x)" "$@" >"$log" 2>&1; then
        say "checked: $program $*"
        # Every figure that a test tells, and how many tests there were.
        sed -nE 's/^.*: MESSAGE: /    /p; s/^\[doctest\] test cases: */    test cases: /p' "$log"
        return 0
    fi
    grep -m 40 -A 3 ERROR "$log" || tail -n 25 "$log"
    say "$program failed; $log has all of it"
    return 1
}

# One after the other: some of these hold an answer against a clock.
check_api() {
    local program failed=0
    check_in_full feedless integration_api --test-case-exclude="a feed*" || failed=1
    for program in integration_cache unit_jwt mutants integration_refresh e2e_freshness e2e_authorization; do
        check_in_full "$program" "$program" || failed=1
    done
    return "$failed"
}

# Side by side: each takes minutes, and most of them on one core.
check_history() {
    local jobs=() job failed=0
    check_in_full feed integration_api --test-case="a feed*" &
    jobs+=($!)
    check_in_full moments integration_view --test-case="every commit of*" &
    jobs+=($!)
    check_in_full merges integration_view --test-case="however profiles*" &
    jobs+=($!)
    check_in_full view integration_view --test-case-exclude="every commit of*,however profiles*" &
    jobs+=($!)
    check_in_full explain unit_view --test-case="an explanation*" &
    jobs+=($!)
    check_in_full actions e2e_actions &
    jobs+=($!)
    for job in "${jobs[@]}"; do
        wait "$job" || failed=1
    done
    return "$failed"
}

verb_check() {
    local programs
    case ${1:-} in
        api) programs=(integration_api integration_cache unit_jwt mutants integration_refresh e2e_freshness e2e_authorization) ;;
        history) programs=(integration_api integration_view unit_view e2e_actions) ;;
        *) misuse "there are two checks: ./dev check api and ./dev check history." ;;
    esac
    if [ $# -gt 1 ]; then misuse "a check takes no further arguments."; fi
    need_state
    need build web run
    build release "${programs[@]}"
    say "checking"
    "check_$1"
}
