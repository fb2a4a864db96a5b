# The project's own build vocabulary: what every target shares, one function for protos, one for a library, one for a
# service, one for a test. Targets only: no directory-wide include paths or flags.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

option(DUIKOU_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(DUIKOU_TEST_HOOKS "Build in the failpoints and deliberate bugs of common/base/failpoint.h" OFF)
option(DUIKOU_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CCACHE_PROGRAM}")
endif()

# duikou_take_archives(): what the targets of gRPC, Abseil and Protobuf name as shared libraries becomes their archives.
function(duikou_take_archives)
  get_property(targets DIRECTORY PROPERTY IMPORTED_TARGETS)
  foreach(target IN LISTS targets)
    if(target MATCHES "^absl::|^protobuf::libprotobuf|^grpcpp_reflection$")
      foreach(property IMPORTED_LOCATION IMPORTED_LOCATION_NONE IMPORTED_LOCATION_RELEASE)
        get_target_property(library ${target} ${property})
        if(library)
          string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive "${library}")
          set_target_properties(${target} PROPERTIES ${property} "${archive}")
        endif()
      endforeach()
    endif()
  endforeach()
  get_target_property(libraries PkgConfig::grpcpp INTERFACE_LINK_LIBRARIES)
  list(TRANSFORM libraries REPLACE "/lib(grpc|gpr|upb|address_sorting|absl_)([^/]*)\\.so$" "/lib\\1\\2.a")
  # What the archive of gRPC asks for comes after it.
  set_target_properties(PkgConfig::grpcpp PROPERTIES INTERFACE_LINK_LIBRARIES "${libraries};PkgConfig::re2;PkgConfig::openssl")
endfunction()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf MODULE REQUIRED) # Debian's Protobuf ships no CMake package
find_package(GTest REQUIRED)
pkg_check_modules(grpcpp REQUIRED IMPORTED_TARGET grpc++)
find_library(GRPCPP_REFLECTION grpc++_reflection REQUIRED) # Of which pkg-config knows nothing
add_library(grpcpp_reflection UNKNOWN IMPORTED)
set_target_properties(grpcpp_reflection PROPERTIES IMPORTED_LOCATION "${GRPCPP_REFLECTION}" INTERFACE_LINK_LIBRARIES PkgConfig::grpcpp)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(libical REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(expat REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(opencc REQUIRED IMPORTED_TARGET opencc)
pkg_check_modules(openssl REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)
pkg_check_modules(xapian REQUIRED IMPORTED_TARGET xapian-core) # bench and tests alone

# gRPC, Abseil and Protobuf go into the binaries that are shipped: a call crosses them thousands of times, and where they
# are shared libraries each crossing, and each look at a thread's own variables, goes through a table: a fifth of the time
# of a Get. Tests with sanitizers take the shared ones, which are linked in less time and disk.
option(DUIKOU_ARCHIVES "Link gRPC, Abseil and Protobuf as archives" ON)
if(DUIKOU_ARCHIVES AND NOT DUIKOU_SANITIZE AND NOT DUIKOU_FUZZ)
  duikou_take_archives()
endif()

# What every target of the project is built with.
add_library(duikou_flags INTERFACE)
target_compile_options(duikou_flags INTERFACE -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers)
target_include_directories(duikou_flags INTERFACE "${PROJECT_SOURCE_DIR}")
if(DUIKOU_SANITIZE)
  target_compile_options(duikou_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(duikou_flags INTERFACE -fsanitize=address,undefined)
  # GCC cannot follow a moved std::variant through the checks that the sanitizers add.
  target_compile_options(duikou_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_definitions(duikou_flags INTERFACE DUIKOU_SANITIZE=1)
endif()
if(DUIKOU_FUZZ)
  # All code tells which of it ran, or libFuzzer learns nothing and ends; what is no fuzz target links what takes it and
  # does nothing.
  target_compile_options(duikou_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(duikou_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# duikou_protos(NAME FILES a.proto … DEPS …): compiles protos (paths relative to protos/) to a library of messages.
# No gRPC code is generated: common/rpc serves and calls methods from their descriptors.
function(duikou_protos name)
  cmake_parse_arguments(ARG "" "" "FILES;DEPS" ${ARGN})
  set(out "${PROJECT_BINARY_DIR}/gen")
  set(sources)
  foreach(file IN LISTS ARG_FILES)
    string(REGEX REPLACE "\\.proto$" "" stem "${file}")
    add_custom_command(
      OUTPUT "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h"
      COMMAND "${CMAKE_COMMAND}" -E make_directory "${out}"
      COMMAND protobuf::protoc "--proto_path=${PROJECT_SOURCE_DIR}/protos" "--cpp_out=${out}"
              "${PROJECT_SOURCE_DIR}/protos/${file}"
      DEPENDS "${PROJECT_SOURCE_DIR}/protos/${file}"
      COMMENT "protoc ${file}"
      VERBATIM)
    list(APPEND sources "${out}/${stem}.pb.cc")
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC "${out}")
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(DUIKOU_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=address -fno-omit-frame-pointer)
  endif()
  if(DUIKOU_FUZZ)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  # Most of the time that generated code takes is reading the runtime's headers: the first library precompiles them for all.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    get_property(first GLOBAL PROPERTY DUIKOU_FIRST_PROTOS)
    if(first)
      target_precompile_headers(${name} REUSE_FROM ${first})
    else()
      set_property(GLOBAL PROPERTY DUIKOU_FIRST_PROTOS ${name})
      target_precompile_headers(${name} PRIVATE <google/protobuf/extension_set.h> <google/protobuf/generated_message_reflection.h>
        <google/protobuf/generated_message_util.h> <google/protobuf/message.h> <google/protobuf/reflection_ops.h> <google/protobuf/wire_format.h>)
    endif()
    duikou_tell_precompiled(${name})
  endif()
endfunction()

# duikou_library(NAME SOURCES … DEPS … [PRIVATE_DEPS …] [PRECOMPILE header.h …])
# PRECOMPILE names the headers that most of its sources include and that take long to read (messages of many requests,
# gRPC): they are read once. Sources include them all the same.
function(duikou_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS;PRECOMPILE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC duikou_flags ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  duikou_precompile(${name} ${ARG_PRECOMPILE})
endfunction()

# By -fpch-preprocess ccache tells the precompiled headers that a source is compiled with. Not for the compilation of the
# headers themselves: it would take those that lie there from before for what they are made of.
function(duikou_tell_precompiled name)
  get_target_property(sources ${name} SOURCES)
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS -fpch-preprocess)
endfunction()

# duikou_precompile(TARGET header.h …)
function(duikou_precompile name)
  if(ARGN AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(TRANSFORM ARGN REPLACE "^(.+)$" "<\\1>")
    target_precompile_headers(${name} PRIVATE ${ARGN})
    duikou_tell_precompiled(${name})
  endif()
endfunction()

# Everything that is shipped: the executables made by duikou_binary, without the tests.
add_custom_target(binaries)
# What bench/run drives, and what ctest runs.
add_custom_target(bench_binaries)
add_custom_target(test_binaries)

# duikou_binary(NAME SOURCES … DEPS …): an executable in build/bin.
function(duikou_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE duikou_flags ${ARG_DEPS})
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/bench(/|$)")
    add_dependencies(bench_binaries ${name})
  else()
    add_dependencies(binaries ${name})
  endif()
  if(NOT DUIKOU_SANITIZE)
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/common/base/malloc_conf.cc)
    target_link_libraries(${name} PRIVATE PkgConfig::jemalloc)
  endif()
endfunction()

# duikou_service(NAME SOURCES … RULES … DEPS … MESSAGES a.pb.h …): a service: its pure rules (NAME_rules, which may link messages, absl and
# common/base only), its functions (NAME_functions) and the binary duikou-NAME made of main.cc.
function(duikou_service name)
  cmake_parse_arguments(ARG "" "" "SOURCES;RULES;DEPS;MESSAGES" ${ARGN})
  duikou_library(${name}_rules SOURCES ${ARG_RULES} DEPS ${name}_protos common_base)
  duikou_library(${name}_functions SOURCES ${ARG_SOURCES} DEPS ${name}_rules common_rpc common_store common_auth ${ARG_DEPS}
    PRECOMPILE ${ARG_MESSAGES} common/rpc/host.h)
  duikou_binary(duikou-${name} SOURCES main.cc DEPS ${name}_functions)
  if(DUIKOU_TEST_HOOKS)
    add_dependencies(test_binaries duikou-${name}) # End-to-end tests make these fail.
  endif()
endfunction()

# duikou_test(NAME SOURCES … DEPS … [LABELS …] [PRECOMPILE header.h … | PRECOMPILED_BY TARGET]): a GoogleTest binary,
# registered with CTest; with headers that it or another target precompiles.
function(duikou_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;PRECOMPILED_BY" "SOURCES;DEPS;LABELS;PRECOMPILE" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  duikou_precompile(${name} ${ARG_PRECOMPILE})
  if(ARG_PRECOMPILED_BY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${name} REUSE_FROM ${ARG_PRECOMPILED_BY})
    duikou_tell_precompiled(${name})
  endif()
  target_link_libraries(${name} PRIVATE duikou_flags GTest::gmock GTest::gtest GTest::gtest_main ${ARG_DEPS})
  # Tests themselves are compiled a third faster so, and only those of the contract run for long.
  if(DUIKOU_SANITIZE AND NOT "contract" IN_LIST ARG_LABELS)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  add_dependencies(test_binaries ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "DUIKOU_SOURCE_DIR=${PROJECT_SOURCE_DIR};DUIKOU_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()

# duikou_fuzz(NAME SOURCES … DEPS …): a libFuzzer target; without DUIKOU_FUZZ the same entry point replays the corpus in
# tests/fuzz/corpus/NAME as an ordinary test.
function(duikou_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(DUIKOU_FUZZ)
    add_executable(${name} ${ARG_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${ARG_SOURCES} "${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc")
    add_test(NAME ${name} COMMAND ${name} "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}")
    set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS fuzz)
  endif()
  target_link_libraries(${name} PRIVATE duikou_flags ${ARG_DEPS})
  add_dependencies(test_binaries ${name})
endfunction()
