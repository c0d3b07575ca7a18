# shellcheck shell=bash
verb_lint() {
    refuse_words lint "$@"
    need_state
    need build web format lint
    local rule failed=0
    for rule in format include_direction banned_names file_length migration_numbers; do
        "tests/lint/$rule.sh" "$root" || failed=1
    done
    tests/lint/checks_test.sh || failed=1
    say "shellcheck"
    { printf 'dev\0.ci/run\0' && tests/lint/sources.sh tests/lint sh | sed -z 's,^,tests/lint/,'; } | xargs -0 shellcheck -x || failed=1
    # clang-tidy reads the commands of this tree; nothing of it needs to be built.
    with_lock build-lint configure_for_lint
    tests/lint/clang_tidy.sh "$root" build/lint "$(jobs 800)" || failed=1
    if [ "$failed" = 1 ]; then die "lint found something; see above."; fi
    say "lint is clean"
}

# Nothing is built there, so that Ninja has to be asked whether CMake's files have changed.
configure_for_lint() {
    configure lint
    ninja -C build/lint build.ninja >"$state/log/cmake-lint.log" 2>&1 || give_up cmake-lint 'CMake failed.'
}
