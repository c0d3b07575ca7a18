# shellcheck shell=bash
# ./dev check api|history: everything that ./dev test takes a sample of, in full, and what came of it.

# check_in_full PROGRAM [ARG...]: false where it fails.
check_in_full() {
    local program=$1 log=$state/log/check-$1.log
    shift
    say "checking: $program"
    if TRIBUTARY_CHECK_FULL=1 TRIBUTARY_CHECK_TOLERANCE_MS=50 \
        "$(find build/release/tests -name "$program" -type f -perm -u+x)" "$@" >"$log" 2>&1; then
        # Every figure that a test tells, and how many tests there were.
        sed -nE 's/^.*: MESSAGE: /    /p; s/^\[doctest\] test cases: */    test cases: /p' "$log"
        return 0
    fi
    grep -m 40 -A 3 ERROR "$log" || tail -n 25 "$log"
    say "$program failed; $log has all of it"
    return 1
}

verb_check() {
    local programs failed=0 program
    # The feed's own test, by the beginning of its name: it takes minutes, and is of the history.
    local feed='a feed*'
    case ${1:-} in
        api) programs=(integration_api unit_jwt mutants integration_refresh e2e_freshness e2e_authorization) ;;
        history) programs=(integration_api integration_view e2e_actions) ;;
        *) misuse "there are two checks: ./dev check api and ./dev check history." ;;
    esac
    if [ $# -gt 1 ]; then misuse "a check takes no further arguments."; fi
    need_state
    need build web run
    build release "${programs[@]}"
    for program in "${programs[@]}"; do
        case $1-$program in
            api-integration_api) check_in_full "$program" --test-case-exclude="$feed" ;;
            history-integration_api) check_in_full "$program" --test-case="$feed" ;;
            *) check_in_full "$program" ;;
        esac || failed=1
    done
    return "$failed"
}
