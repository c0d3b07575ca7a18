# shellcheck shell=bash
# ./dev bench sync [--connections N] | walk [--groups N]
verb_bench() {
    local what=${1:-} connections=1000000 groups=100000
    case $what in
        sync | walk) shift ;;
        *) misuse "there are two benchmarks: ./dev bench sync and ./dev bench walk." ;;
    esac
    while [ $# -gt 0 ]; do
        case $what/$1 in
            sync/--connections) connections=$(positive "${@:1:2}") ;;
            walk/--groups) groups=$(positive "${@:1:2}") ;;
            *) misuse "bench sync takes --connections N, bench walk takes --groups N, not '$1'." ;;
        esac
        shift 2
    done
    need_state
    need build web run
    build release "bench_$what"
    if [ "$what" = sync ]; then
        say "claiming among $connections scheduled connections"
        TRIBUTARY_BENCH_CONNECTIONS=$connections build/release/tests/bench/bench_sync
    else
        say "walking a connection with $groups account groups"
        TRIBUTARY_BENCH_GROUPS=$groups build/release/tests/bench/bench_walk
    fi
}
