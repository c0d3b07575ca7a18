# Configuring and building. One build at a time in a build tree.
# shellcheck shell=bash

# A file that includes Asio and Beast takes this much memory to compile with sanitizers.
mebibytes_a_compiler=1000

# build PRESET [TARGET...]
build() { with_lock "build-$1" build_preset "$@"; }

build_preset() {
    local preset=$1
    shift
    configure "$preset"
    # Asked first, so that a tree with nothing to do stays silent.
    if ninja -C "build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
    say "building build/$preset"
    if ! NINJA_STATUS='[%f/%t] ' ninja -C "build/$preset" -j "$(jobs $mebibytes_a_compiler)" "$@"; then
        die "the build of preset $preset failed; its first error above says where."
    fi
}

# Ninja runs CMake again when CMake's files change; here only a tree that is new or comes from elsewhere.
configure() {
    local preset=$1 tree=build/$1
    if [ -e "$tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
        say "$tree was configured for another folder; starting it anew"
        rm -rf -- "$tree"
    fi
    if [ "$tree/build.ninja" -nt CMakePresets.json ]; then return 0; fi
    say "configuring $tree"
    cmake --preset "$preset" >"$state/log/cmake-$preset.log" 2>&1 || give_up "cmake-$preset" 'CMake failed.'
}
