# The private PostgreSQL cluster of this checkout: made on first use, on a free port of 127.0.0.1 and a socket that
# its owner alone can open. Debian's own cluster (port 5432) is never touched.
# shellcheck shell=bash

cluster_sockets=/tmp/tributary-$checkout_id

# PostgreSQL refuses to run as root. root runs it as the owner of the data, at first the user postgres.
as_owner() {
    if is_root; then
        (cd / && exec setpriv --reuid="$cluster_owner" --regid="$(id -g "$cluster_owner")" --init-groups \
            --inh-caps=-all env HOME=/ "$@")
    else
        (cd / && exec "$@")
    fi
}

# Sets cluster_home, cluster_data, cluster_owner and cluster_bin.
locate_cluster() {
    local shut=/var/lib/tributary-dev/$checkout_id version
    cluster_home=$state/postgres
    if is_root; then
        cluster_owner=postgres
        if [ -d "$cluster_home/data" ]; then cluster_owner=$(stat -c %U "$cluster_home/data"); fi
        # A checkout under /root cannot be entered by the owner: its data stand outside.
        if [ -d "$shut/data" ] || ! as_owner test -x "$state"; then cluster_home=$shut; fi
    else
        cluster_owner=$(id -un)
    fi
    cluster_data=$cluster_home/data
    cluster_log=$cluster_home/server.log
    if [ -e "$cluster_data" ] && ! is_root && ! [ -O "$cluster_data" ]; then
        die "the PostgreSQL data of this checkout belong to $(stat -c %U "$cluster_data"); run ./dev as root, or from a checkout of your own."
    fi
    version=$(as_owner cat "$cluster_data/PG_VERSION" 2>/dev/null) ||
        version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -n | tail -n 1)
    cluster_bin=/usr/lib/postgresql/$version/bin
    if ! [ -x "$cluster_bin/postgres" ]; then
        die "the data in $cluster_data need PostgreSQL ${version:-15 or newer}, which is not installed; install postgresql-${version:-15}."
    fi
}

# The port the running server listens on, from its own file.
cluster_port() { as_owner sed -n 4p "$cluster_data/postmaster.pid" 2>/dev/null; }

# Alive, not a zombie, ours, and answering. (pg_ctl takes a zombie for a running server.)
cluster_answers() {
    local pid port
    pid=$(cluster_pid) && port=$(cluster_port) && [ -n "$port" ] && [ -n "$pid" ] &&
        "$cluster_bin/pg_isready" -q -h 127.0.0.1 -p "$port" -t 5
}

cluster_pid() {
    local pid
    pid=$(as_owner sed -n 1p "$cluster_data/postmaster.pid" 2>/dev/null) && [ -n "$(started_at "$pid")" ] &&
        [ "$(as_owner readlink "/proc/$pid/cwd")" = "$cluster_data" ] && printf '%s\n' "$pid"
}

# cluster_up: the cluster answers when this returns; database_url is the owner's, service_url that of the role that the
# service works as, which owns nothing.
cluster_up() {
    locate_cluster
    if ! cluster_answers || ! [ -s "$state/database.password" ] || ! [ -s "$state/service.password" ]; then
        with_lock cluster start_cluster
    fi
    local place
    place=127.0.0.1:$(cluster_port)/tributary
    database_url=postgresql://tributary:$(<"$state/database.password")@$place
    service_url=postgresql://tributary_service:$(<"$state/service.password")@$place
}

start_cluster() {
    if ! [ -s "$state/database.password" ]; then secret_file "$state/database.password" random_hex; fi
    if ! cluster_answers; then
        if ! as_owner test -s "$cluster_data/PG_VERSION"; then create_cluster; fi
        own_socket_folder
        remove_stale_pid
        launch_cluster
    fi
    local service_password
    service_password=$(cat "$state/service.password" 2>/dev/null) || service_password=$(random_hex)
    create_roles
    let_roles_in
    # Last: its being there says that all of this was done.
    secret_file "$state/service.password" printf '%s\n' "$service_password"
}

create_cluster() {
    local fresh=$cluster_home/data.new os_user=$cluster_owner
    say "PostgreSQL ${cluster_bin//[!0-9]/}: creating a private cluster in $cluster_home"
    mkdir -p "$cluster_home"
    if is_root; then chown "$cluster_owner:" "$cluster_home"; fi
    as_owner rm -rf "$fresh"
    as_owner "$cluster_bin/initdb" -D "$fresh" -U postgres -E UTF8 --locale=C.UTF-8 --data-checksums \
        --auth-local=peer --auth-host=scram-sha-256 >"$state/log/initdb.log" 2>&1 || give_up initdb 'initdb failed.'
    print_hba | as_owner tee "$fresh/pg_hba.conf" >/dev/null
    as_owner tee "$fresh/pg_ident.conf" >/dev/null <<TEXT
owner "$os_user" postgres
TEXT
    as_owner tee -a "$fresh/postgresql.conf" >/dev/null <<TEXT

listen_addresses = '127.0.0.1'
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 300
timezone = 'UTC'
log_timezone = 'UTC'
TEXT
    # A cluster that was made by half is never taken for a whole one.
    as_owner mv "$fresh" "$cluster_data"
}

print_hba() {
    cat <<TEXT
local all postgres peer map=owner
host  all tributary,tributary_service 127.0.0.1/32 scram-sha-256
TEXT
}

# A cluster of before the service had a role of its own is told of it.
let_roles_in() {
    if as_owner cat "$cluster_data/pg_hba.conf" | cmp -s - <(print_hba); then return 0; fi
    print_hba | as_owner tee "$cluster_data/pg_hba.conf" >/dev/null
    as_owner "$cluster_bin/pg_ctl" -D "$cluster_data" reload >"$state/log/postgres.log" 2>&1
    local tenths
    for ((tenths = 0; tenths < 100; tenths++)); do
        if service_role_enters; then return 0; fi
        sleep 0.1
    done
    give_up role 'PostgreSQL does not let the role tributary_service in.'
}

service_role_enters() {
    PGPASSWORD=$service_password "$cluster_bin/psql" -X -q -h 127.0.0.1 -p "$(cluster_port)" -U tributary_service \
        -d tributary -c '' >>"$state/log/role.log" 2>&1
}

# /tmp is everyone's: a folder that somebody else has put there is refused.
own_socket_folder() {
    as_owner mkdir -m 0700 "$cluster_sockets" 2>/dev/null || true
    if [ -L "$cluster_sockets" ] || [ "$(stat -c '%F %U' "$cluster_sockets")" != "directory $cluster_owner" ]; then
        die "$cluster_sockets is not a folder of $cluster_owner; remove it, then run ./dev again."
    fi
    as_owner chmod 0700 "$cluster_sockets"
}

# After kill -9 under a first process that never reaps, the dead server stays a zombie and its pid file would
# keep every new one from starting. The same goes for a pid that another program has got meanwhile.
remove_stale_pid() {
    if ! as_owner test -e "$cluster_data/postmaster.pid"; then return 0; fi
    local tenths
    for ((tenths = 0; tenths < 10; tenths++)); do
        if cluster_pid >/dev/null; then return 0; fi
        sleep 0.1
    done
    as_owner rm -f "$cluster_data/postmaster.pid"
}

launch_cluster() {
    local port try
    # The port of last time, so that a saved DATABASE_URL stays true; else one that differs between checkouts.
    port=$(cat "$state/postgres.port" 2>/dev/null) || port=$((20000 + 16#${checkout_id:0:4} % 10000))
    for try in 1 2 3 4 5; do
        port=$(free_port "$port")
        if (
            drop_descriptors
            as_owner "$cluster_bin/pg_ctl" -D "$cluster_data" -l "$cluster_log" -w -t 120 -o "-p $port -k $cluster_sockets" start
        ) >"$state/log/postgres.log" 2>&1 </dev/null && cluster_answers; then
            cluster_port >"$state/postgres.port"
            say "PostgreSQL runs on 127.0.0.1:$(cluster_port)"
            return 0
        fi
        if ! as_owner tail -n 30 "$cluster_log" | grep -qE 'could not bind|Address already in use' || [ "$try" = 5 ]; then
            break
        fi
        port=$((port + 1))
    done
    as_owner tail -n 15 "$cluster_log" >&2 || true
    die "PostgreSQL did not start; its whole output is in $cluster_log."
}

# The role that owns the database, and the one that the service works as, with $service_password.
create_roles() {
    local password
    password=$(<"$state/database.password")
    as_owner "$cluster_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$cluster_sockets" -p "$(cluster_port)" -U postgres -d postgres \
        >"$state/log/role.log" 2>&1 <<SQL || give_up role 'PostgreSQL did not take the role.'
SELECT 'CREATE ROLE tributary' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tributary') \gexec
ALTER ROLE tributary LOGIN PASSWORD '$password';
SELECT 'CREATE ROLE tributary_service' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tributary_service') \gexec
ALTER ROLE tributary_service LOGIN PASSWORD '$service_password';
SELECT 'CREATE DATABASE tributary OWNER tributary' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tributary') \gexec
SQL
}

# cluster_down: fails if there was nothing to stop.
cluster_down() {
    locate_cluster
    cluster_pid >/dev/null || return 1
    as_owner "$cluster_bin/pg_ctl" -D "$cluster_data" -m fast -w -t 60 stop >"$state/log/postgres.log" 2>&1 ||
        give_up postgres 'PostgreSQL did not stop.'
}
