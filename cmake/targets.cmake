# tributary_library(<folder> [OPTIMISED] SOURCES ... LINK ... PRIVATE_LINK ...)
#
# One target a folder. The target publishes exactly its own folder under its repository path (through a link in
# the build tree), so that a file can include "adapters/http/client.hpp" only if its target links adapters_http:
# an include against the direction of the design does not compile.
#
# OPTIMISED: in a Debug build with sanitizers too. For what tests spend much of their time in; such a target compiles
# slower, and cannot use the precompiled headers.
function(tributary_library folder)
  cmake_parse_arguments(ARG "OPTIMISED" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(published ${CMAKE_BINARY_DIR}/include/${name})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${published}/${parent})
  if(NOT EXISTS ${published}/${folder})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${published}/${folder} SYMBOLIC)
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${published})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE tributary_flags ${ARG_PRIVATE_LINK})
  # Of the other build types each brings an -O of its own, which this one would come after and lower.
  if(TRIBUTARY_SANITIZE AND ARG_OPTIMISED AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(${name} PRIVATE -O1)
  else()
    tributary_precompile(${name} precompiled)
  endif()
endfunction()

# tributary_test(<name> LABEL unit|integration|chaos|faults|simulation|e2e SOURCES ... LINK ...): one doctest program, one CTest entry.
function(tributary_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} tests_support doctest::doctest tributary_flags)
  tributary_precompile(${name} precompiled_for_tests)
  target_compile_definitions(${name} PRIVATE TRIBUTARY_FIXTURES="${CMAKE_SOURCE_DIR}/tests/fixtures")
  add_test(NAME ${name} COMMAND ${name})
  # The longest begin first, so that none of them is what everybody waits for in the end.
  set(labels_by_length unit integration chaos faults simulation e2e)
  list(FIND labels_by_length ${ARG_LABEL} cost)
  # A program without a single case would pass.
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} COST ${cost} TIMEOUT 3600
    FAIL_REGULAR_EXPRESSION "\\[doctest\\] test cases: +0 ")
  # Costs a fifth of the time, and the other tests look for it in the same code.
  if(ARG_LABEL MATCHES "^(chaos|faults|e2e)$")
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT ASAN_OPTIONS=detect_stack_use_after_return=0)
  endif()
endfunction()
