# shellcheck shell=bash
verb_build() {
    local preset=${1:-release}
    case $preset in
        release | dev | tsan) ;;
        *) die "there is no preset $preset; take release, dev or tsan." ;;
    esac
    need_state
    need build
    build "$preset"
    say "built: build/$preset"
}
