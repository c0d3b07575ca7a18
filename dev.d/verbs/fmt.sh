# shellcheck shell=bash
verb_fmt() {
    refuse_words fmt "$@"
    need_state
    need format
    tests/lint/sources.sh "$root" cpp hpp | xargs -0r clang-format-19 -i
}
