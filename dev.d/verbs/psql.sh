# shellcheck shell=bash
verb_psql() {
    need_state
    need run
    cluster_up
    PGPASSWORD=$(<"$state/database.password") exec "$cluster_bin/psql" -h 127.0.0.1 -p "$(cluster_port)" -U tributary -d tributary "$@"
}
