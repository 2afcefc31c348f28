# SPDX-License-Identifier: Apache-2.0
#
# cmake -D IN=schema.json -D OUT=file.c -P embed_schema.cmake: the file's bytes as the array that data/default_schema.h declares.
file(READ ${IN} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR length "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
string(REPLACE "\n" "\n\t" hex "${hex}")
file(WRITE ${OUT} "/* Made from data/schema/tech_policy.json by cmake/embed_schema.cmake. */
#include \"data/default_schema.h\"

const unsigned char nv_default_schema[] = {
	${hex}
};
const size_t nv_default_schema_len = ${length};
")
