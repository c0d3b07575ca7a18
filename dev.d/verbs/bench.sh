# shellcheck shell=bash
# ./dev bench [SCENARIO...] [--quick [--accept]] [--json FILE] | sync [--connections N] | walk [--groups N]
verb_bench() {
    case ${1:-} in
        sync) bench_sync "${@:2}" ;;
        walk) bench_walk "${@:2}" ;;
        *) bench_against_peers "$@" ;;
    esac
}

bench_sync() {
    local connections=1000000
    while [ $# -gt 0 ]; do
        if [ "$1" != --connections ]; then misuse "bench sync takes --connections N, not '$1'."; fi
        connections=$(positive "${@:1:2}")
        shift 2
    done
    prepare_bench bench_sync
    say "claiming among $connections scheduled connections"
    TRIBUTARY_BENCH_CONNECTIONS=$connections build/release/tests/bench/bench_sync
}

bench_walk() {
    local groups=100000
    while [ $# -gt 0 ]; do
        if [ "$1" != --groups ]; then misuse "bench walk takes --groups N, not '$1'."; fi
        groups=$(positive "${@:1:2}")
        shift 2
    done
    prepare_bench bench_walk
    say "walking a connection with $groups account groups"
    TRIBUTARY_BENCH_GROUPS=$groups build/release/tests/bench/bench_walk
}

bench_against_peers() {
    need_state
    need bench
    prepare_bench tributary tributary-sandbox bench_beast bench_ingest
    node_packages tests/bench/peers
    # One at a time: they share the population, and would measure each other.
    with_lock bench node tests/bench/harness/main.mjs "$@"
}

# prepare_bench TARGET...: what benchmarks run is built for release.
prepare_bench() {
    need_state
    need build web run
    build release "$@"
}
