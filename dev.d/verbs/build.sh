# shellcheck shell=bash
verb_build() {
    local preset=${1:-release}
    if [ $# -gt 1 ]; then misuse "build takes one preset, so '$2' is not understood."; fi
    case $preset in
        release | dev | tsan) ;;
        *) misuse "there is no preset $preset; take release, dev or tsan." ;;
    esac
    need_state
    need build web
    build "$preset"
    say "built: build/$preset"
}
