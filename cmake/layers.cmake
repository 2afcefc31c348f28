# SPDX-License-Identifier: Apache-2.0
#
# The functions that CMakeLists.txt builds layers, the library, the program and tests with.

# Those of the files that are there, into ${out}; a generated file (absolute path) counts as there.
function(nv_present out)
	set(found)
	foreach(file IN LISTS ARGN)
		if(IS_ABSOLUTE ${file} OR EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
			list(APPEND found ${file})
		else()
			message(STATUS "not there yet: ${file}")
		endif()
	endforeach()
	set(${out} ${found} PARENT_SCOPE)
endfunction()

# nv_soname(out PREFIX): the name by which the linker knows the shared library that pkg_check_modules(PREFIX …) found, as "libxml2.so.2".
function(nv_soname out prefix)
	list(GET ${prefix}_LINK_LIBRARIES 0 library)
	execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE dynamic ERROR_VARIABLE dynamic)
	if(NOT dynamic MATCHES "soname: \\[([^]\n]+)\\]")
		message(FATAL_ERROR "${library} is no shared library: ${dynamic}")
	endif()
	set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

# nv_embed(out NAME name HEADER header.h [SHA256] FILES …): a generated C file, its path in ${out}, that holds the files' bytes as the
# array `name` (cmake/embed.cmake).
function(nv_embed out)
	cmake_parse_arguments(PARSE_ARGV 1 arg "SHA256" "NAME;HEADER" "FILES")
	set(c_file ${CMAKE_CURRENT_BINARY_DIR}/generated/${arg_NAME}.c)
	list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
	list(JOIN arg_FILES "," in)
	add_custom_command(OUTPUT ${c_file}
		COMMAND ${CMAKE_COMMAND} -D IN=${in} -D NAME=${arg_NAME} -D HEADER=${arg_HEADER} -D SHA256=${arg_SHA256} -D OUT=${c_file}
			-P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed.cmake
		DEPENDS ${arg_FILES} cmake/embed.cmake
		VERBATIM)
	set(${out} ${c_file} PARENT_SCOPE)
endfunction()

# nv_layer(name FILES … USES layers… LINKS libraries…): object library <name>_objects and archive <name>.
# A layer without any file of its own in the source tree is an interface that only passes on what it uses.
function(nv_layer name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;USES;LINKS")
	nv_present(files ${arg_FILES})
	set(own ${files})
	list(FILTER own EXCLUDE REGEX "^/")
	if(NOT own)
		add_library(${name} INTERFACE)
		target_link_libraries(${name} INTERFACE ${arg_USES} ${arg_LINKS})
		return()
	endif()
	add_library(${name}_objects OBJECT ${files})
	target_include_directories(${name}_objects PUBLIC ${PROJECT_SOURCE_DIR})
	target_link_libraries(${name}_objects PRIVATE ${arg_LINKS})
	add_library(${name} STATIC $<TARGET_OBJECTS:${name}_objects>)
	target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
	target_link_libraries(${name} PUBLIC ${arg_USES} ${arg_LINKS})
	set_property(GLOBAL APPEND PROPERTY NV_OBJECTS ${name}_objects)
endfunction()

# libnewsvane.so with the NV_API symbols alone, libnewsvane.a with all, and what other projects find them by.
function(nv_library)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILES;LAYERS")
	nv_present(files ${arg_FILES})
	if(NOT files)
		return()
	endif()
	get_property(layers GLOBAL PROPERTY NV_OBJECTS)
	add_library(newsvane_objects OBJECT ${files})
	target_include_directories(newsvane_objects PUBLIC ${PROJECT_SOURCE_DIR})
	set(objects $<TARGET_OBJECTS:newsvane_objects>)
	foreach(layer IN LISTS layers)
		list(APPEND objects $<TARGET_OBJECTS:${layer}>)
	endforeach()
	add_library(libnewsvane_static STATIC ${objects})
	add_library(libnewsvane_shared SHARED ${objects})
	set_target_properties(libnewsvane_static PROPERTIES EXPORT_NAME newsvane_static)
	set_target_properties(libnewsvane_shared PROPERTIES EXPORT_NAME newsvane
		VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
	foreach(library libnewsvane_static libnewsvane_shared)
		set_target_properties(${library} PROPERTIES OUTPUT_NAME newsvane)
		target_link_libraries(${library} PRIVATE PkgConfig::NV_GSL PkgConfig::NV_CJSON PkgConfig::NV_UTF8PROC PkgConfig::NV_ZLIB
			PkgConfig::NV_ZSTD PkgConfig::NV_LZMA PkgConfig::NV_SQLITE stemmer bz2
			Threads::Threads m)
		target_include_directories(${library} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
			$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
	endforeach()
	nv_install_library()
endfunction()

function(nv_install_library)
	set(package ${CMAKE_INSTALL_LIBDIR}/cmake/newsvane)
	configure_file(cmake/newsvane.pc.in newsvane.pc @ONLY)
	configure_package_config_file(cmake/newsvaneConfig.cmake.in newsvaneConfig.cmake INSTALL_DESTINATION ${package})
	write_basic_package_version_file(newsvaneConfigVersion.cmake COMPATIBILITY SameMinorVersion)
	install(TARGETS libnewsvane_static EXPORT newsvane ARCHIVE COMPONENT dev)
	install(TARGETS libnewsvane_shared EXPORT newsvane LIBRARY COMPONENT library NAMELINK_COMPONENT dev)
	install(EXPORT newsvane NAMESPACE newsvane:: FILE newsvaneTargets.cmake DESTINATION ${package} COMPONENT dev)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/newsvaneConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/newsvaneConfigVersion.cmake
		DESTINATION ${package} COMPONENT dev)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/newsvane.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
	install(FILES newsvane.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
	if(NOT NV_PACKAGES) # the packages have a copyright file each
		install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
	endif()
	install(FILES NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
endfunction()

# The program, linked to the static library: cli may use base/ too, whose symbols libnewsvane.so hides.
function(nv_program)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "MAIN" "FILES")
	nv_present(files ${arg_FILES})
	add_library(newsvane_cli OBJECT ${files})
	target_link_libraries(newsvane_cli PUBLIC libnewsvane_static)
	add_executable(newsvane ${arg_MAIN})
	target_link_libraries(newsvane PRIVATE newsvane_cli)
	install(TARGETS newsvane COMPONENT program)
	# For tests that run the program within their own process: its main is newsvane_main there.
	add_library(newsvane_in_process STATIC EXCLUDE_FROM_ALL ${arg_MAIN} $<TARGET_OBJECTS:newsvane_cli>)
	target_link_libraries(newsvane_in_process PUBLIC libnewsvane_static)
	target_compile_definitions(newsvane_in_process PRIVATE main=newsvane_main)
	target_compile_options(newsvane_in_process PRIVATE -Wno-missing-prototypes)
endfunction()

# nv_pages(FILES … TEMPLATES pages…): newsvane_pages, built of the program's tables, writes the pages of docs/man and the shell
# completions into pages/. Not in sanitized builds, whose programs do not run everywhere; their pages would be the same.
function(nv_pages)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILES;TEMPLATES")
	if(NV_SANITIZE)
		return()
	endif()
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/pages)
	set(zsh zsh/site-functions)
	if(CMAKE_INSTALL_PREFIX STREQUAL "/usr") # where Debian's zsh looks
		set(zsh zsh/vendor-completions)
	endif()
	list(TRANSFORM arg_TEMPLATES PREPEND ${folder}/ OUTPUT_VARIABLE pages)
	list(TRANSFORM arg_TEMPLATES REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/docs/man/\\1.in" OUTPUT_VARIABLE templates)
	add_executable(newsvane_pages ${arg_FILES})
	target_link_libraries(newsvane_pages PRIVATE newsvane_cli)
	file(MAKE_DIRECTORY ${folder})
	add_custom_command(OUTPUT ${pages} ${folder}/newsvane.bash ${folder}/_newsvane ${folder}/newsvane.fish
		COMMAND newsvane_pages ${PROJECT_SOURCE_DIR} ${folder}
		DEPENDS newsvane_pages ${templates} newsvane.h
		VERBATIM)
	add_custom_target(pages ALL DEPENDS ${pages})
	foreach(page IN LISTS arg_TEMPLATES)
		string(REGEX MATCH "[0-9]$" section ${page})
		set(component program)
		if(section EQUAL 3)
			set(component dev)
		endif()
		install(FILES ${folder}/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
	endforeach()
	install(FILES ${folder}/newsvane.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME newsvane
		COMPONENT program)
	install(FILES ${folder}/_newsvane DESTINATION ${CMAKE_INSTALL_DATADIR}/${zsh} COMPONENT program)
	install(FILES ${folder}/newsvane.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
endfunction()

# nv_python(FILES … MODULES …): the package newsvane in python/, its extension module linked to the shared library. Where Python's headers
# are missing it is left out with a note; so it is in sanitized builds, whose libraries an interpreter can't load.
function(nv_python)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILES;MODULES")
	pkg_check_modules(NV_PYTHON QUIET IMPORTED_TARGET python3>=3.11)
	if(NOT NV_PYTHON_FOUND OR NV_SANITIZE)
		message(STATUS "no Python module: needs python3-dev and a build without sanitizers")
		return()
	endif()
	set(version ${NV_PYTHON_VERSION})
	if(CMAKE_INSTALL_PREFIX STREQUAL "/usr") # Debian's packages serve every Python 3
		set(version 3)
	endif()
	set(NV_PYTHON_DIR lib/python${version}/dist-packages CACHE STRING "Where the Python package is installed, below the prefix")
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/python/newsvane)
	add_library(newsvane_python MODULE ${arg_FILES})
	target_link_libraries(newsvane_python PRIVATE libnewsvane_shared PkgConfig::NV_PYTHON Threads::Threads)
	# Python's slots hold functions as void pointers.
	target_compile_options(newsvane_python PRIVATE -Wno-pedantic)
	set_target_properties(newsvane_python PROPERTIES PREFIX "" OUTPUT_NAME _newsvane SUFFIX .abi3.so
		LIBRARY_OUTPUT_DIRECTORY ${folder})
	foreach(module IN LISTS arg_MODULES)
		configure_file(python/newsvane/${module} ${folder}/${module} COPYONLY)
		list(APPEND modules python/newsvane/${module})
	endforeach()
	install(TARGETS newsvane_python DESTINATION ${NV_PYTHON_DIR}/newsvane COMPONENT python)
	install(FILES ${modules} DESTINATION ${NV_PYTHON_DIR}/newsvane COMPONENT python)
endfunction()

# nv_checks(LAYER layer WITH files… LABELS … NAMES …): test <name> of tests/unit/check_<name>.c and what all of these share (WITH).
# Labels: unit and those given.
function(nv_checks)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "LAYER" "WITH;LABELS;NAMES")
	foreach(name IN LISTS arg_NAMES)
		nv_present(file tests/unit/check_${name}.c)
		if(file AND TARGET ${arg_LAYER})
			add_executable(check_${name} ${file} ${arg_WITH})
			set_target_properties(check_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
			target_include_directories(check_${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/tests/unit)
			target_link_libraries(check_${name} PRIVATE ${arg_LAYER} PkgConfig::NV_CHECK m)
			# Check's macros hide casts and unused arguments.
			target_compile_options(check_${name} PRIVATE -Wno-conversion -Wno-sign-conversion -Wno-pedantic
				-Wno-cast-qual)
			add_test(NAME ${name} COMMAND check_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
			set_tests_properties(${name} PROPERTIES LABELS "unit;${arg_LABELS}" TIMEOUT 120)
		endif()
	endforeach()
endfunction()

# nv_script_test(NAME name SCRIPT file [PROGRAM] LABELS … ARGS …): a script that ends with 0: passed, 77: can't run here.
function(nv_script_test)
	cmake_parse_arguments(PARSE_ARGV 0 arg "PROGRAM" "NAME;SCRIPT" "LABELS;ARGS")
	nv_present(file ${arg_SCRIPT})
	if(NOT file OR (arg_PROGRAM AND NOT TARGET newsvane))
		return()
	endif()
	set(program)
	if(arg_PROGRAM)
		set(program $<TARGET_FILE:newsvane>)
	endif()
	add_test(NAME ${arg_NAME} COMMAND ${PROJECT_SOURCE_DIR}/${file} ${program} ${arg_ARGS})
	set_tests_properties(${arg_NAME} PROPERTIES LABELS "script;${arg_LABELS}" TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()

# nv_tools(FOLDER folder NAMES …): small programs over the whole library, one file each.
function(nv_tools)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "FOLDER" "NAMES")
	foreach(name IN LISTS arg_NAMES)
		nv_present(file ${arg_FOLDER}/${name}.c)
		if(file AND TARGET libnewsvane_static)
			add_executable(${name} ${file})
			target_link_libraries(${name} PRIVATE libnewsvane_static)
		endif()
	endforeach()
endfunction()

# nv_fuzz_targets(NAMES …): tests/fuzz/fuzz_<name>.c, a LLVMFuzzerTestOneInput each. The test fuzz_<name> replays the inputs kept in
# tests/fuzz/seeds/<name> and tests/fuzz/regressions/<name> by tests/fuzz/replay.c; with NV_FUZZ the program fuzz_<name> is
# libFuzzer's, which makes new ones.
function(nv_fuzz_targets)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "NAMES")
	foreach(name IN LISTS arg_NAMES)
		nv_present(file tests/fuzz/fuzz_${name}.c)
		if(file AND TARGET libnewsvane_static)
			add_executable(replay_${name} ${file} tests/fuzz/articles.c tests/fuzz/replay.c)
			target_link_libraries(replay_${name} PRIVATE libnewsvane_static)
			file(GLOB folders tests/fuzz/seeds/${name} tests/fuzz/regressions/${name})
			add_test(NAME fuzz_${name} COMMAND replay_${name} ${folders})
			set_tests_properties(fuzz_${name} PROPERTIES LABELS "fuzz" TIMEOUT 120)
			if(NV_FUZZ)
				add_executable(fuzz_${name} ${file} tests/fuzz/articles.c)
				target_link_libraries(fuzz_${name} PRIVATE libnewsvane_static)
				target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
			endif()
		endif()
	endforeach()
endfunction()
