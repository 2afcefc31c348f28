# SPDX-License-Identifier: Apache-2.0
#
# cpack -G DEB: newsvane, libnewsvane0, libnewsvane-dev and python3-newsvane, from a build configured as scripts/package.sh does it (prefix
# /usr, NV_PACKAGES). Components: program, library, dev, python.
# Whoever hands packages on sets this: nobody reads mail under .invalid (RFC 6761), and lintian accepts it.
set(NV_MAINTAINER "newsvane maintainers <maintainers@newsvane.invalid>" CACHE STRING "Maintainer of the packages: name and address")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME newsvane)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "${NV_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENTS_ALL program library dev)
if(TARGET newsvane_python)
	list(APPEND CPACK_COMPONENTS_ALL python)
endif()
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# Man pages are compressed in the packages.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/compress.cmake)

set(library libnewsvane${PROJECT_VERSION_MAJOR})

# libxml2 is opened while newsvane runs, so that dpkg-shlibdeps does not see it: the package that holds the library of that name.
execute_process(COMMAND dpkg-query --search "*/${NV_XML2_SONAME}" OUTPUT_VARIABLE holder COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "^[^:]+" libxml2 "${holder}")

# nv_package(COMPONENT NAME name SECTION section SUMMARY text DEPENDS text TEXT text): one package, with its copyright and changelog.
function(nv_package component)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME;SECTION;SUMMARY;DEPENDS;TEXT" "")
	string(TOUPPER ${component} upper)
	foreach(pair NAME,${arg_NAME} SECTION,${arg_SECTION} DEPENDS,${arg_DEPENDS})
		string(REGEX MATCH "^([A-Z]+),(.*)$" _ "${pair}")
		set(CPACK_DEBIAN_${upper}_PACKAGE_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" PARENT_SCOPE)
	endforeach()
	set(CPACK_DEBIAN_${upper}_DESCRIPTION "${arg_SUMMARY}\n${arg_TEXT}" PARENT_SCOPE)
	set(CPACK_COMPONENT_${upper}_DESCRIPTION "${arg_SUMMARY}\n${arg_TEXT}" PARENT_SCOPE)
	set(folder ${CMAKE_INSTALL_DATADIR}/doc/${arg_NAME})
	install(FILES cmake/debian/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz DESTINATION ${folder} COMPONENT ${component})
endfunction()

configure_file(cmake/debian/changelog.in changelog @ONLY)
execute_process(COMMAND gzip -9nfk ${CMAKE_CURRENT_BINARY_DIR}/changelog COMMAND_ERROR_IS_FATAL ANY)

nv_package(program NAME newsvane SECTION text SUMMARY "statistical classifier of news articles by topic and stance"
	DEPENDS "${libxml2}"
	TEXT "newsvane learns topics and stances from labelled articles, gives them to\nnew ones in batches, and reports with intervals how far to trust both. It\nneeds no network and no GPU.")
nv_package(library NAME ${library} SECTION libs SUMMARY "statistical classifier of news articles, shared library"
	DEPENDS "${libxml2}"
	TEXT "The library that programs in C and Python use to train, run and judge\nnewsvane's models.")
nv_package(dev NAME libnewsvane-dev SECTION libdevel SUMMARY "statistical classifier of news articles, development files"
	DEPENDS "${library} (= ${PROJECT_VERSION}), libgsl-dev, libcjson-dev, libutf8proc-dev, libstemmer-dev, zlib1g-dev, libzstd-dev, liblzma-dev, libbz2-dev, libsqlite3-dev"
	TEXT "The header, the static library, the manual of the functions, and files for\npkg-config and CMake.")
nv_package(python NAME python3-newsvane SECTION python SUMMARY "statistical classifier of news articles, Python package"
	DEPENDS "python3 (>= 3.11), ${library} (= ${PROJECT_VERSION})"
	TEXT "Training and running newsvane's models from Python, and an estimator for\nscikit-learn, which is not required.")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/debian/triggers)
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA
	"${PROJECT_SOURCE_DIR}/cmake/debian/postinst;${PROJECT_SOURCE_DIR}/cmake/debian/prerm")
include(CPack)
