# One compiler on every supported release. g++ before 14 silently miscompiles coroutines, so it is refused.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines. Use clang++-19: cmake --preset dev")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

set(TRIBUTARY_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

add_library(tributary_flags INTERFACE)
target_compile_options(tributary_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(tributary_flags INTERFACE -fuse-ld=lld)
endif()
if(TRIBUTARY_SANITIZE)
  target_compile_options(tributary_flags INTERFACE -fsanitize=${TRIBUTARY_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(tributary_flags INTERFACE -fsanitize=${TRIBUTARY_SANITIZE})
  if(TRIBUTARY_SANITIZE MATCHES "thread")
    target_compile_definitions(tributary_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  # As libraries are compiled, so that programs can use the headers precompiled for both.
  target_compile_options(tributary_flags INTERFACE -fPIC)
  # -g1 keeps stack traces with lines and halves the time to link.
  string(REPLACE "-g" "-g1" CMAKE_CXX_FLAGS_DEBUG "${CMAKE_CXX_FLAGS_DEBUG}")
endif()
# Assertions stay on in every build.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

find_program(CCACHE ccache)
if(CCACHE)
  # What a file includes the compiler says anyway; to preprocess it first takes a sixth of a build's time.
  set(told CCACHE_DEPEND=1)
  if(TRIBUTARY_SANITIZE)
    # What ccache wants to be told before it caches files that use precompiled headers.
    list(APPEND told CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${told} ${CCACHE})
endif()
