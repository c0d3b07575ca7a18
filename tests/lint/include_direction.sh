#!/usr/bin/env bash
# include_direction.sh ROOT: services -> adapters -> domain, and each library behind its own wall. The targets of
# CMake enforce most of it; this says it in words and also sees what a transitive link would let through.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"
# shellcheck disable=SC2016  # the dollars are for awk
"$here/sources.sh" . cpp hpp | xargs -0r awk '
    # An adapter folder is a provider unless it is one of these.
    BEGIN { split("crypto decode http postgres system", names); for (i in names) shared["adapters/" names[i]] = 1 }

    function wrong(rule) { printf "%s:%d: includes %s, but %s\n", FILENAME, FNR, target, rule; failed = 1 }
    function folder(path,   part) { split(path, part, "/"); return part[1] "/" part[2] }
    function provider(path) { return path ~ /^adapters\/[^\/]+\// && !(folder(path) in shared) }

    match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]+[>"]/) {
        target = $0
        sub(/^[^<"]*[<"]/, "", target)
        sub(/[>"].*$/, "", target)
        from = FILENAME

        if (target ~ /^\.\.?\//) wrong("includes are written from the root of the repository")
        if (target ~ /^pqxx/ && from !~ /^(adapters\/postgres|tests)\//) wrong("pqxx stays in adapters/postgres and the tests")
        if (target ~ /^boost\/beast/ && from !~ /^(adapters\/http|tests)\//) wrong("Beast stays in adapters/http")
        if (target ~ /^boost\/url/) wrong("Boost.URL is not used")
        if (from ~ /^tests\//) next
        if (target ~ /^tests\//) wrong("only tests use tests/")
        if (from ~ /^domain\// && target ~ /^(adapters|services|config)\//) wrong("domain/ knows only itself")
        if (from ~ /^config\// && target ~ /^(adapters|services)\//) wrong("config/ knows only domain/")
        if (from ~ /^adapters\// && target ~ /^services\//) wrong("adapters never look up to services/")
        if (from ~ /^services\// && from !~ /^services\/app\// && target ~ /^adapters\//)
            wrong("only services/app names an adapter")
        if (provider(target) && from ~ /^adapters\// && folder(from) != folder(target))
            wrong("a provider is known to its own folder and to services/app alone")
        if (provider(from) && target ~ /^adapters\/postgres\//) wrong("a provider knows nothing of the store")
    }
    END { exit failed }'
