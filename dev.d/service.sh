# The programs that `./dev up` runs: the provider sandbox and Tributary itself, on loopback.
# shellcheck shell=bash

tributary_bin=$root/build/release/bin/tributary
sandbox_bin=$root/build/release/bin/tributary-sandbox
config_file=$state/tributary.toml
demo_scopes=read,personal,raw,sync,actions,operations,admin

tributary() { "$tributary_bin" --config "$config_file" "$@"; }

# current NAME PROGRAM: it runs, and its program has not been built again since.
current() { running "$1" >/dev/null && ! [ "$2" -nt "$state/run/$1" ]; }

start_sandbox() {
    local ready=$state/sandbox.json base
    if ! current sandbox "$sandbox_bin"; then
        halt sandbox || true
        rm -f "$ready"
        base=$(sandbox_ports)
        launch sandbox "$sandbox_bin" --ready-file "$ready" --port-base "$base"
        until wait_until 30 sandbox test -s "$ready"; do
            taken_port sandbox >/dev/null || give_up sandbox 'The provider sandbox did not start.'
            base=$(sandbox_ports $((base + 4)))
            launch sandbox "$sandbox_bin" --ready-file "$ready" --port-base "$base"
        done
        printf '%s\n' "$base" >"$state/sandbox.port"
        say "the provider sandbox runs: tastytrade, T-DX and Upvest on loopback"
    fi
    sandbox_tastytrade=$(jq -re .tastytrade "$ready")
    sandbox_tdx=$(jq -re .tdx "$ready")
    sandbox_upvest=$(jq -re .upvest "$ready")
    sandbox_control=$(jq -re .control "$ready")
}

# sandbox_ports [FIRST]: the first of four free ports, from FIRST on; else those of last time if it can be, because the
# connections name them.
sandbox_ports() {
    local base=${1:-}
    base=${base:-$(cat "$state/sandbox.port" 2>/dev/null)} || base=$((10000 + 16#${checkout_id:4:4} % 10000))
    until is_free "$base" $((base + 1)) $((base + 2)) $((base + 3)); do base=$((base + 4)); done
    printf '%s\n' "$base"
}

make_key_file() {
    if [ -s "$state/secrets.key" ]; then return 0; fi
    secret_file "$state/secrets.key" base64 -w0 <(head -c 32 /dev/urandom)
    say "made .dev/secrets.key, the key that seals the providers' credentials"
}

# A string of TOML's basic kind, which is JSON's.
quoted() { jq -n --arg text "$1" '$text'; }

# print_config PORT ADMIN_PORT
print_config() {
    cat <<TEXT
# Written by ./dev up. Every key is explained in config/.
listen = "127.0.0.1:$1"
admin_listen = "127.0.0.1:$2"

[database]
url = $(quoted "$service_url")
role = "tributary_service"

[secrets]
key_file = $(quoted "$state/secrets.key")

[providers.tastytrade]
allowed_base_urls = [$(quoted "$sandbox_tastytrade")]

[providers.tdx]
allowed_base_urls = [$(quoted "$sandbox_tdx")]

[providers.upvest]
allowed_base_urls = [$(quoted "$sandbox_upvest")]
TEXT
}

# configured_port KEY: the port that the configuration names.
configured_port() { sed -nE "s/^$1 = \"127\.0\.0\.1:([0-9]+)\"$/\1/p" "$config_file"; }

# Tributary serves when this returns. It is started again if its program or its configuration has changed.
start_service() {
    local port admin taken
    if [ -e "$config_file" ] && current tributary "$tributary_bin"; then
        port=$(configured_port listen) admin=$(configured_port admin_listen)
        if [ "$(print_config "$port" "$admin")" = "$(<"$config_file")" ] && is_ready "$admin"; then return 0; fi
    fi
    halt tributary || true
    port=$(free_port 8080)
    admin=$(free_port 9090)
    launch_service
    until wait_until 60 tributary is_ready "$admin"; do
        taken=$(taken_port tributary) || give_up tributary 'Tributary did not become ready.'
        if [ "$taken" = "$admin" ]; then admin=$(free_port $((admin + 1))); else port=$(free_port $((port + 1))); fi
        launch_service
    done
    if [ "$port" != 8080 ]; then say "port 8080 is taken: Tributary serves on $port"; fi
    if [ "$admin" != 9090 ]; then say "port 9090 is taken: the admin listener is on $admin"; fi
}

# With the port and the admin port of start_service.
launch_service() {
    secret_file "$config_file" print_config "$port" "$admin"
    prepare_database
    launch tributary "$tributary_bin" --config "$config_file" serve
}

is_ready() { curl -fsS -m 5 -o /dev/null "http://127.0.0.1:$1/readyz" 2>/dev/null; }

# Migrations are the owner's; nothing else is told who that is.
prepare_database() {
    TRIBUTARY_DATABASE_DIRECT_URL=$database_url tributary migrate >"$state/log/migrate.log" 2>&1 ||
        give_up migrate 'The database was not migrated.'
    if tributary tenant list --json | jq -e 'any(.[]; .name == "demo")' >/dev/null; then return 0; fi
    tributary tenant create demo >"$state/log/tenant.log" 2>&1 || give_up tenant 'The tenant demo was not made.'
}

# api METHOD PATH [BODY]: a request with our key; the key and the body travel by file, not on the command line.
api() {
    local method=$1 path=$2
    curl -sS -m 60 -X "$method" --config <(printf 'header = "Authorization: Bearer %s"\n' "$api_key") \
        ${3:+-H 'Content-Type: application/json' --data-binary @<(printf '%s' "$3")} \
        -w '\n%{http_code}' "http://127.0.0.1:$(configured_port listen)$path"
}

# Sets api_key: the one of last time if the service still takes it, else a new one.
find_api_key() {
    api_key=$(cat "$state/api.key" 2>/dev/null) || api_key=''
    if [ -n "$api_key" ] && [ "$(api GET /v1/connections | tail -n 1)" = 200 ]; then return 0; fi
    secret_file "$state/api.key" new_api_key
    api_key=$(<"$state/api.key")
}

new_api_key() { tributary key create --tenant demo --scopes "$demo_scopes" --json | jq -re .key; }
