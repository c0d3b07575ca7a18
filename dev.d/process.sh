# Background programs. Each has a file .dev/run/NAME with its pid, its start time and the checkout, so that a pid which
# the system has given to another program since, or a file copied from another checkout, is never taken for ours.
# shellcheck shell=bash

# started_at PID: the kernel's start time of a process, nothing if it is gone or a zombie.
started_at() {
    local stat
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    # The name in brackets may hold anything; the fields are counted behind its last bracket.
    read -r -a stat <<<"${stat##*) }"
    if [ "${stat[0]}" != Z ]; then printf '%s\n' "${stat[19]}"; fi
}

# running NAME: prints the pid if the program we started is alive.
running() {
    local pid started checkout
    read -r pid started checkout 2>/dev/null <"$state/run/$1" || return 1
    [ "$checkout" = "$checkout_id" ] && [ "$(started_at "$pid")" = "$started" ] && printf '%s\n' "$pid"
}

# launch NAME COMMAND...: starts it in a session of its own; output goes to .dev/log/NAME.log.
launch() {
    local name=$1 pid
    shift
    (
        drop_descriptors
        exec setsid "$@" >"$state/log/$name.log" 2>&1 </dev/null
    ) &
    pid=$!
    printf '%s %s %s\n' "$pid" "$(started_at "$pid")" "$checkout_id" >"$state/run/$name"
}

# halt NAME: asks it to end, and insists after 20 seconds. Prints nothing; fails if nothing was running.
halt() {
    local name=$1 pid tenths
    pid=$(running "$name") || {
        rm -f "$state/run/$name"
        return 1
    }
    kill -TERM "$pid" 2>/dev/null || true
    for ((tenths = 0; tenths < 200; tenths++)); do
        running "$name" >/dev/null || break
        sleep 0.1
    done
    if running "$name" >/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
    rm -f "$state/run/$name"
}

# wait_until SECONDS NAME COMMAND...: until the command succeeds; fails early if the program NAME has ended.
wait_until() {
    local seconds=$1 name=$2 deadline
    shift 2
    deadline=$((SECONDS + seconds))
    until "$@"; do
        if ! running "$name" >/dev/null || [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
        sleep 0.1
    done
}

# give_up NAME SENTENCE: shows the end of a program's log and stops.
give_up() {
    tail -n 15 "$state/log/$1.log" >&2 || true
    die "$2 Its whole output is in .dev/log/$1.log."
}

# is_free PORT...: nobody answers on any of them. A port may be taken even so: somebody may hold it without listening, or
# take it between this look and the start of ours. taken_port tells afterwards.
is_free() {
    local port
    for port in "$@"; do
        if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then return 1; fi
    done
}

# free_port FIRST: the first port from FIRST on that nobody answers on.
free_port() {
    local port=$1
    until is_free "$port"; do port=$((port + 1)); done
    printf '%s\n' "$port"
}

# taken_port NAME: the port that the program NAME wanted and did not get. Fails if that is not why it ended.
taken_port() {
    local port
    if running "$1" >/dev/null; then return 1; fi
    port=$(sed -nE 's/.*\bport ([0-9]+) .*in use.*/\1/Ip' "$state/log/$1.log" | head -n 1)
    [ -n "$port" ] && printf '%s\n' "$port"
}
