# Parsing the standard library, Asio and doctest takes half the time of a sanitized build, so there it is done once.
# The release build goes without, and so finds the file that forgot an include.
function(tributary_precompile target headers)
  if(TRIBUTARY_SANITIZE)
    target_precompile_headers(${target} REUSE_FROM ${headers})
  endif()
endfunction()

if(NOT TRIBUTARY_SANITIZE)
  return()
endif()

set(precompiled_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <deque> <exception> <expected> <functional> <map> <memory>
  <mutex> <optional> <random> <ranges> <set> <span> <sstream> <stdexcept> <string> <string_view> <thread> <tuple>
  <unordered_map> <utility> <variant> <vector>
  <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
  <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>)

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")
foreach(headers precompiled precompiled_for_tests)
  add_library(${headers} STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(${headers} PRIVATE tributary_asio doctest::doctest tributary_flags)
  # The file names the folder it was made in, so it is never taken from a cache that another checkout filled.
  set_target_properties(${headers} PROPERTIES CXX_COMPILER_LAUNCHER "")
  # Without its time inside, the same headers give the same file, which ccache needs for what uses them.
  target_compile_options(${headers} PRIVATE "SHELL:$<$<CXX_COMPILER_ID:Clang>:-Xclang -fno-pch-timestamp>")
endforeach()
target_precompile_headers(precompiled PRIVATE ${precompiled_headers})
# Nearly every test looks at what the domain observes, and no test is below it.
target_link_libraries(precompiled_for_tests PRIVATE domain)
target_precompile_headers(precompiled_for_tests PRIVATE
  ${precompiled_headers} <doctest/doctest.h> <domain/observation.hpp> <domain/ports/task.hpp>)
