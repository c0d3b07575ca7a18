# Configuring and building. One build at a time in a build tree.
# shellcheck shell=bash

# A file that includes Asio and Beast takes this much memory to compile with sanitizers.
mebibytes_a_compiler=1000

# build PRESET [TARGET...]
build() { with_lock "build-$1" build_preset "$@"; }

build_preset() {
    local preset=$1
    shift
    place_cache
    configure "$preset"
    # Asked first, so that a tree with nothing to do stays silent.
    if ninja -C "build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
    say "building build/$preset"
    if ! NINJA_STATUS='[%f/%t] ' ninja -C "build/$preset" -j "$(jobs $mebibytes_a_compiler)" "$@"; then
        die "the build of preset $preset failed; its first error above says where."
    fi
}

# ccache works under the home directory, which a container's user may lack or may not write to: then it works here.
place_cache() {
    local cache
    cache=$(ccache --get-config cache_dir)
    if mkdir -p -- "$cache" 2>/dev/null && [ -w "$cache" ]; then return 0; fi
    if [ -n "${CCACHE_DIR:-}" ]; then die "the folder that CCACHE_DIR names, $CCACHE_DIR, cannot be written to."; fi
    export CCACHE_DIR=$state/ccache
}

# Ninja runs CMake again when CMake's files change; here only a tree that is new or comes from elsewhere.
configure() {
    local preset=$1 tree=build/$1
    node_packages web
    if [ -e "$tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
        say "$tree was configured for another folder; starting it anew"
        rm -rf -- "$tree"
    fi
    if [ "$tree/build.ninja" -nt CMakePresets.json ]; then return 0; fi
    say "configuring $tree"
    cmake --preset "$preset" >"$state/log/cmake-$preset.log" 2>&1 || give_up "cmake-$preset" 'CMake failed.'
}
