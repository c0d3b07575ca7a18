# What comes from npm: what the documentation page is made of (web/), and the tests of the contract (tests/contract/).
# shellcheck shell=bash

# A Node.js that did not come as a Debian package is as good.
has_node() {
    local version
    version=$(node --version 2>/dev/null) || return 1
    [[ $version =~ ^v([0-9]+)\. ]] && [ "${BASH_REMATCH[1]}" -ge 18 ] && command -v npm >/dev/null
}

# node_packages FOLDER: its node_modules are what its lock file says when this returns.
node_packages() { with_lock "npm-${1//\//-}" fetch_node_packages "$1"; }

fetch_node_packages() {
    local folder=$1 name=npm-${1//\//-} stamp=$1/node_modules/.complete wanted
    wanted=$(cat -- "$folder/package.json" "$folder/package-lock.json" | sha256sum)
    if [ "$(cat -- "$stamp" 2>/dev/null)" = "$wanted" ]; then return 0; fi
    say "fetching what $folder needs from npm"
    place_npm_cache
    # Nothing that a package brings is run.
    (cd -- "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$state/log/$name.log" 2>&1 </dev/null ||
        give_up "$name" 'npm failed.'
    printf '%s\n' "$wanted" >"$stamp"
}

# npm works under the home directory, which a container's user may lack or may not write to: then it works here.
place_npm_cache() {
    if [ -n "${npm_config_cache:-}" ]; then return 0; fi
    if mkdir -p -- "${HOME:-/nonexistent}/.npm" 2>/dev/null && [ -w "$HOME/.npm" ]; then return 0; fi
    export npm_config_cache=$state/npm
}
