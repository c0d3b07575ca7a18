# shellcheck shell=bash
verb_simulate() {
    need_state
    need build
    build release simulate
    build/release/tests/simulation/simulate "$@"
}
