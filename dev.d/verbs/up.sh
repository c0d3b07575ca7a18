# shellcheck shell=bash
verb_up() {
    refuse_words up "$@"
    need_state
    need build web run
    with_lock up bring_up
    print_what_to_try
}

bring_up() {
    build release tributary tributary-sandbox
    cluster_up
    start_sandbox
    make_key_file
    start_service
    find_api_key
    connect_sandbox
    secret_file "$state/env" print_env
}

# One connection a provider account of the sandbox, and a first sync of those that never had one. If the sandbox had to
# move to other ports its accounts are connected anew, which keeps the ids of everything they hold.
connect_sandbox() {
    local bodies body name id known answer added=0
    bodies=$(curl -fsS -m 30 "$sandbox_control/connections" | jq -c '.connections[]')
    known=$(connections)
    while IFS= read -r body; do
        if jq -e --argjson want "$body" 'any(.[]; .name == $want.name and .base_url == $want.base_url)' \
            <<<"$known" >/dev/null; then continue; fi
        name=$(jq -r .name <<<"$body")
        for id in $(jq -r --arg name "$name" '.[] | select(.name == $name) | .id' <<<"$known"); do
            api DELETE "/v1/connections/$id" >/dev/null
            # Its name is free once what it brought is withdrawn.
            for _ in $(seq 100); do
                answer=$(api GET "/v1/connections/$id")
                if [ "${answer##*$'\n'}" = 404 ]; then break; fi
                sleep 0.2
            done
        done
        answer=$(api POST /v1/connections "$body")
        if [ "${answer##*$'\n'}" != 201 ]; then die "the connection $name was refused: ${answer%$'\n'*}"; fi
        added=$((added + 1))
    done <<<"$bodies"
    if [ "$added" -gt 0 ]; then say "connected $added provider accounts"; fi
    if connections | jq -e 'all(.[]; .status != "pending")' >/dev/null; then return 0; fi
    say "syncing"
    tributary sync --tenant demo --wait >"$state/log/sync.log" 2>&1 || give_up sync 'The first sync failed.'
}

connections() {
    local answer
    answer=$(api GET /v1/connections)
    if [ "${answer##*$'\n'}" != 200 ]; then die "the connections could not be listed: ${answer%$'\n'*}"; fi
    jq .items <<<"${answer%$'\n'*}"
}

print_env() {
    cat <<TEXT
TRIBUTARY_URL=http://127.0.0.1:$(configured_port listen)
TRIBUTARY_ADMIN_URL=http://127.0.0.1:$(configured_port admin_listen)
TRIBUTARY_API_KEY=$api_key
DATABASE_URL=$database_url
SANDBOX_TASTYTRADE_URL=$sandbox_tastytrade
SANDBOX_TDX_URL=$sandbox_tdx
SANDBOX_UPVEST_URL=$sandbox_upvest
SANDBOX_CONTROL_URL=$sandbox_control
TEXT
}

print_what_to_try() {
    say "Tributary serves http://127.0.0.1:$(configured_port listen)"
    cat <<'TEXT'

Try:
  . .dev/env; auth="Authorization: Bearer $TRIBUTARY_API_KEY"
  curl -s -H "$auth" "$TRIBUTARY_URL/v1/connections" | jq '.items[] | {provider, name, status}'
  curl -s -H "$auth" "$TRIBUTARY_URL/v1/customers?page_size=3" | jq '.items[] | {id, first_name, last_name}'
  id=$(curl -s -H "$auth" "$TRIBUTARY_URL/v1/customers" | jq -r '[.items[] | select(.profiles | length > 1)][0].id')
  curl -s -H "$auth" "$TRIBUTARY_URL/v1/customers/$id/overview" | jq
  curl -s -H "$auth" "$TRIBUTARY_URL/v1/accounts?page_size=3" | jq '.items[] | {provider, number, status}'

./dev psql opens the database; ./dev down stops everything.
TEXT
}
