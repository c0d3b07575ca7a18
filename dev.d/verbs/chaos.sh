# shellcheck shell=bash
# ./dev chaos [--loops N] [--lease SECONDS] [--seed S]
verb_chaos() {
    local loops=200 lease=2 seed=''
    while [ $# -gt 0 ]; do
        case $1 in
            --loops) loops=$(positive "${@:1:2}") ;;
            --lease) lease=$(positive "${@:1:2}") ;;
            --seed) seed=$(positive "${@:1:2}") ;;
            *) misuse "chaos takes --loops N, --lease SECONDS and --seed S, not '$1'." ;;
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
