# shellcheck shell=bash
verb_simulate() {
    need_state
    need build web
    build release simulate
    build/release/tests/simulation/simulate "$@"
}
