# shellcheck shell=bash
# ./dev chaos [--loops N] [--lease SECONDS] [--seed S] | --providers [--fault P07] [--provider tdx]
verb_chaos() {
    local loops=200 lease=2 seed=''
    if [ "${1:-}" = --providers ]; then
        shift
        provider_faults "$@"
        return
    fi
    while [ $# -gt 0 ]; do
        case $1 in
            --loops) loops=$(positive "${@:1:2}") ;;
            --lease) lease=$(positive "${@:1:2}") ;;
            --seed) seed=$(positive "${@:1:2}") ;;
            *) misuse "chaos takes --loops N, --lease SECONDS and --seed S, or --providers, not '$1'." ;;
        esac
        shift 2
    done
    need_state
    need build web run
    build release chaos
    say "killing replicas $loops times, lease $lease s"
    if [ -n "$seed" ]; then export TRIBUTARY_CHAOS_SEED=$seed; fi
    TRIBUTARY_CHAOS_LOOPS=$loops TRIBUTARY_CHAOS_LEASE=$lease "$(find build/release -name chaos -type f -perm -u+x)"
}

# only_value BEFORE OPTION [VALUE]: prints the value; BEFORE is what the option was given earlier, empty if it was not.
only_value() {
    if [[ ${3:--} = -* ]]; then misuse "$2 takes a value${3:+, not '$3'}."; fi
    # Of two, one would be left out without a word, and the run would look as if it had tried both.
    if [ -n "$1" ]; then misuse "$2 is taken once, and was given '$1' and '$3'."; fi
    printf '%s\n' "$3"
}

# Every provider fault on every adapter; one fault or one provider if they are named. P32 is Upvest's alone.
provider_faults() {
    local fault='' provider='' chosen=()
    while [ $# -gt 0 ]; do
        case $1 in
            --fault) fault=$(only_value "$fault" "${@:1:2}") ;;
            --provider) provider=$(only_value "$provider" "${@:1:2}") ;;
            *) misuse "chaos --providers takes --fault P07 and --provider tdx, each once, not '$1'." ;;
        esac
        shift 2
    done
    if [ "$fault" = P32 ] && [ -n "$provider" ] && [ "$provider" != upvest ]; then
        misuse "P32 is about webhooks, which $provider does not have."
    fi
    need_state
    need build web run
    if [ "$fault" != P32 ]; then
        if [ -n "$fault" ]; then chosen+=(--fault "$fault"); fi
        if [ -n "$provider" ]; then chosen+=(--provider "$provider"); fi
        build release provider_faults
        build/release/tests/faults/provider_faults ${chosen[@]+"${chosen[@]}"}
    fi
    case $fault/$provider in P32/* | / | /upvest) webhook_races ;; esac
}

# P32: polls and webhook events about the same objects, on a real store; a thousand interleavings a process.
webhook_races() {
    local races=20 processes=100 log=$state/log/webhook-races.log
    build release integration_webhooks
    say "polls against webhook events, $processes times 1,000 interleavings"
    if ! seq 0 $races $((races * (processes - 1))) | xargs -P "$(jobs 300)" -I '{}' env TRIBUTARY_RACES=$races TRIBUTARY_RACES_FROM='{}' \
        "$(find build/release -name integration_webhooks -type f -perm -u+x)" --test-case='*interleavings*' >"$log" 2>&1; then
        grep -m 20 -A 3 ERROR "$log" || true
        die "something older won, or a race broke off; $log has all of it."
    fi
    # A program that ran nothing would have found nothing.
    awk -v wanted=$((processes * 1000)) '/^races: / { n += $2 }
        END { printf "P32  a webhook during a poll: %d of %d interleavings, 0 violations\n", n, wanted; exit n != wanted }' "$log"
}
