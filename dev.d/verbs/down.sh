# shellcheck shell=bash
verb_down() {
    refuse_words down "$@"
    if ! [ -d "$state" ]; then
        say "nothing runs here"
        return 0
    fi
    need_state
    with_lock up stop_all
}

stop_all() {
    local stopped=''
    if halt tributary; then stopped+=', Tributary'; fi
    if halt sandbox; then stopped+=', the sandbox'; fi
    if compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && cluster_down; then stopped+=', PostgreSQL'; fi
    if [ -n "$stopped" ]; then say "stopped: ${stopped#, }"; else say "nothing was running"; fi
    if [ -n "${cluster_data:-}" ] && [ -e "$cluster_data" ]; then say "the data stay in $cluster_data"; fi
}
