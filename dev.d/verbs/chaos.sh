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
    need build run
    build release chaos
    say "killing replicas $loops times, lease $lease s"
    if [ -n "$seed" ]; then export TRIBUTARY_CHAOS_SEED=$seed; fi
    TRIBUTARY_CHAOS_LOOPS=$loops TRIBUTARY_CHAOS_LEASE=$lease "$(find build/release -name chaos -type f -perm -u+x)"
}

# Every provider fault on every adapter; the arguments choose some of them.
provider_faults() {
    need_state
    need build
    build release provider_faults
    build/release/tests/faults/provider_faults "$@"
}
