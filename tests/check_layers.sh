#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_layers.sh [SOURCE_FOLDER]: what may include and call what (docs/architecture.md). Prints each offence as
# FILE:LINE:text under the rule that it breaks; status 1 when there is one.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2
export LC_ALL=C

failed=0
# rule TEXT OFFENCES: complains when there are offences.
rule() {
	[ -n "$2" ] || return 0
	printf '%s:\n%s\n' "$1" "$2"
	failed=1
}

# Which layers a layer may include, itself among them.
allowed() {
	case $1 in
	base) echo base ;;
	data) echo 'base|data' ;;
	models) echo 'base|data|models' ;;
	train) echo 'base|data|models|train' ;;
	classify) echo 'base|data|models|classify' ;;
	eval) echo 'base|data|models|train|classify|eval' ;;
	newsvane.c) echo 'base|data|models|train|classify|eval' ;;
	cli) echo 'base|cli' ;;
	esac
}

# The C files of a layer: a folder's, or the one file's name.
sources() {
	find "$1" -maxdepth 1 -name '*.[ch]' 2>/dev/null | sort
}

# shellcheck disable=SC2016 # the dollars are awk's
# FILE:LINE:code of the files on standard input, comments taken out.
code() {
	xargs -r awk '
		FNR == 1 { inside = 0 }
		{
			line = $0; out = ""
			while (line != "") {
				if (inside) {
					end = index(line, "*/")
					if (!end) break
					line = substr(line, end + 2); inside = 0
				} else {
					start = match(line, /\/[*\/]/)
					if (!start) { out = out line; break }
					out = out substr(line, 1, start - 1)
					if (substr(line, start, 2) == "//") break
					line = substr(line, start + 2); inside = 1
				}
			}
			if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
		}'
}

include='#[[:space:]]*include[[:space:]]*'
below='base data models train classify eval newsvane.c'

for layer in $below cli; do
	may=$(allowed "$layer")
	found=$(sources "$layer" | code | grep -E "$include\"")
	rule "$layer may include only $may, from the root" \
		"$(printf '%s' "$found" | grep -vE "\"(newsvane\.h|($may)/[a-z0-9_]+\.h)\"")"
	rule "no such header" "$(printf '%s\n' "$found" | while IFS= read -r line; do
		path=${line#*\"}
		[ -z "$line" ] || [ -e "${path%\"*}" ] || printf '%s\n' "$line"
	done)"
done

rule 'only base/error.h, newsvane.c, cli/ and tests/ include newsvane.h' \
	"$(for layer in $below; do sources "$layer"; done | code | grep -E "$include\"newsvane\.h\"" |
		grep -vE '^(base/error\.h|newsvane\.c):')"

rule 'python/ includes newsvane.h, its own header and no other of ours' \
	"$(sources python | code | grep -E "$include\"" | grep -vE '"(newsvane\.h|python/binding\.h)"')"

# one_user LIBRARY HEADER_PATTERN FILE: nothing else includes it.
one_user() {
	rule "$1 is used by $3 alone" \
		"$(for layer in $below cli; do sources "$layer"; done | code | grep -E "${include}[<\"]($2)" | grep -v "^$3:")"
}
one_user cJSON '(cjson/)?cJSON' base/json.c
one_user utf8proc 'utf8proc' data/normalize.c
one_user SQLite 'sqlite3' classify/database.c
one_user GSL 'gsl/' base/numeric.c
one_user zlib 'zlib' base/unpack_gzip.c
one_user libzstd 'zstd' base/unpack_zstd.c
one_user liblzma 'lzma' base/unpack_xz.c
one_user libbz2 'bzlib' base/unpack_bzip2.c
one_user libxml2 'libxml/' data/xml_library.h
one_user iconv 'iconv' data/charset.c

calls='v?f?printf|puts|fputs|putchar|putc|fputc|perror|exit|_exit|_Exit|quick_exit|abort|signal|sigaction|setlocale'
rule 'nothing below cli prints, exits or touches signals and locale' \
	"$(for layer in $below; do sources "$layer"; done | code | grep -E "(^|[^A-Za-z0-9_>.])($calls)[[:space:]]*\(")"

rule 'every source file stands in CMakeLists.txt' \
	"$(for layer in $below cli python; do sources "$layer"; done | grep '\.c$' | while IFS= read -r file; do
		grep -qE "(^|[[:space:]])$file([[:space:])]|$)" CMakeLists.txt || printf '%s\n' "$file"
	done
	for file in tests/unit/check_*.c; do
		name=${file#tests/unit/check_}
		grep -qE "(NAMES|[[:space:]])[[:space:]].*${name%.c}([[:space:])]|$)" CMakeLists.txt || printf '%s\n' "$file"
	done)"

[ "$failed" -eq 0 ] && echo 'layers: all rules hold'
exit "$failed"
