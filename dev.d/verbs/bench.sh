# shellcheck shell=bash
# ./dev bench sync [--connections N]
verb_bench() {
    local connections=1000000
    if [ "${1:-}" != sync ]; then die "there is one benchmark: ./dev bench sync."; fi
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --connections) connections=${2:?} ;;
            *) die "bench sync takes --connections N, not '$1'." ;;
        esac
        shift 2
    done
    need_state
    need build run
    build release bench_sync
    say "claiming among $connections scheduled connections"
    TRIBUTARY_BENCH_CONNECTIONS=$connections build/release/tests/bench/bench_sync
}
