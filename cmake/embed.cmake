# SPDX-License-Identifier: Apache-2.0
#
# cmake -D IN=a,b -D NAME=name -D HEADER=header.h -D OUT=file.c [-D SHA256=yes] -P embed.cmake: the files' bytes, one behind the other, as
# the array `name` that the header declares, and name_len; with SHA256 also name_sha256, the source expression that lets a page's
# Content-Security-Policy allow exactly this text.
string(REPLACE "," ";" files "${IN}")
set(hex)
foreach(file IN LISTS files)
	file(READ ${file} part HEX)
	string(APPEND hex "${part}")
endforeach()
string(LENGTH "${hex}" digits)
math(EXPR length "${digits} / 2")

# The four letters of base64 for six hexadecimal digits.
function(base64_of digits out)
	set(letters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
	set(text)
	foreach(shift 18 12 6 0)
		math(EXPR at "(0x${digits} >> ${shift}) & 63")
		string(SUBSTRING "${letters}" ${at} 1 letter)
		string(APPEND text "${letter}")
	endforeach()
	set(${out} ${text} PARENT_SCOPE)
endfunction()

# 32 bytes are ten groups of three and one of two, which ends in "=".
function(source_expression file out)
	file(SHA256 ${file} sum)
	set(text)
	foreach(at RANGE 0 60 6)
		string(SUBSTRING "${sum}00" ${at} 6 group)
		base64_of(${group} four)
		string(APPEND text ${four})
	endforeach()
	string(SUBSTRING "${text}" 0 43 text)
	set(${out} "sha256-${text}=" PARENT_SCOPE)
endfunction()

set(sum)
if(SHA256)
	foreach(file IN LISTS files)
		file(READ ${file} part)
		string(APPEND whole "${part}")
	endforeach()
	file(WRITE ${OUT}.txt "${whole}")
	source_expression(${OUT}.txt sum)
	file(REMOVE ${OUT}.txt)
	set(sum "const char ${NAME}_sha256[] = \"${sum}\";\n")
endif()

string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
string(REPLACE "\n" "\n\t" hex "${hex}")
file(WRITE ${OUT} "/* Made by cmake/embed.cmake. */
#include \"${HEADER}\"

const unsigned char ${NAME}[] = {
	${hex}
};
const size_t ${NAME}_len = ${length};
${sum}")
