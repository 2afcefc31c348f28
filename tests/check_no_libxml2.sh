#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_no_libxml2.sh NEWSVANE BUILD_FOLDER SONAME: the program and the library start without libxml2, which is opened for the first page or
# feed. Where it is not there (here: a file that is none hides it), other inputs are read as ever, and pages and feeds are refused with
# status 3 and what to do.
set -eu
newsvane=$(realpath "$1") build=$(realpath "$2") soname=$3
fixtures=$(cd "$(dirname "$0")/fixtures" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
failed=0

for file in "$newsvane" "$build"/libnewsvane.so "$build"/python/newsvane/_newsvane.abi3.so; do
	[ ! -e "$file" ] || ! readelf -dW "$file" | grep -E 'NEEDED.*libxml2' || {
		echo "$(basename "$file") needs libxml2 to start"
		failed=1
	}
done

mkdir hidden
echo 'no library' >"hidden/$soname"
printf '<p>The striker scored twice and the keeper saved a penalty. The match ended with a goal in the last minute.' >page.html
printf '<rss><channel><item><title>One</title><description>Two</description></item></channel></rss>' >feed.xml
printf '{"title": "A late goal", "text": "The keeper saved a penalty."}\n' >article.jsonl
"$newsvane" train --schema "$fixtures/desk.json" --model model "$fixtures/desk.jsonl" 2>log || { cat log; exit 1; }

# classify FILE: without libxml2.
classify() { LD_LIBRARY_PATH=$scratch/hidden "$newsvane" classify --model model "$1" >out 2>log; }

for file in page.html feed.xml; do
	"$newsvane" classify --model model "$file" >out 2>log || { echo "$file: not read"; cat log; failed=1; }
	status=0
	classify "$file" || status=$?
	[ $status -eq 3 ] || { echo "$file: status $status without libxml2"; cat log; failed=1; }
	grep -q 'web pages and feeds need libxml2: install it' log || { echo "$file: what to do is not told"; cat log; failed=1; }
done
classify article.jsonl || { echo 'JSON Lines need libxml2'; cat log; failed=1; }
[ "$failed" -eq 0 ] || exit 1
echo 'no libxml2: started and read without it, told of where it is needed'
