#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# test.sh [--long]: installs what is missing, then builds and runs every test: clang, gcc with AddressSanitizer and
# UndefinedBehaviorSanitizer, gcc with ThreadSanitizer (tests labelled `threads`), and gcc Release last; warnings are errors.
# --long adds the tests labelled `long`. Build folders: build-test/, or $NV_BUILD_ROOT. Status 0: all passed.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/common.sh

long=no
case ${1-} in
'') ;;
--long) long=yes ;;
*)
	echo 'usage: scripts/test.sh [--long]' >&2
	exit 2
	;;
esac

root=${NV_BUILD_ROOT:-build-test}
failed=()
skipped=()

# shellcheck disable=SC2086 # a list of words
need $build_packages check python3 python3-dev || exit 1
if [ "$long" = yes ]; then
	need python3-sklearn python3-matplotlib || skipped+=('the tests of the estimator: python3-sklearn could not be installed')
fi
need mandoc zsh fish || skipped+=('parts of the test of man pages and completions: mandoc, zsh or fish could not be installed')
need clang libclang-rt-14-dev || skipped+=('clang: not installed')

# The browser tests want chromium and two npm packages; without them they say so and are skipped.
browser_tools() {
	command -v chromium >/dev/null || need chromium fonts-dejavu-core || return 1
	command -v npm >/dev/null || need nodejs npm || return 1
	[ -d tests/browser/node_modules ] ||
		npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund >"$root/npm.log" 2>&1
}

# build NAME CMAKE_OPTIONS…
build() {
	local name=$1
	shift
	say "$name: build"
	cmake -S . -B "$root/$name" -G Ninja -DNV_WERROR=ON "$@" >"$root/$name.log" 2>&1 &&
		cmake --build "$root/$name" -j "$(jobs_here)" >>"$root/$name.log" 2>&1 && return 0
	tail -n 40 "$root/$name.log"
	failed+=("$name: build")
	return 1
}

# run_tests NAME [COMMAND…] -- CTEST_OPTIONS…: ctest in the build folder, under COMMAND if there is one.
run_tests() {
	local name=$1 under=()
	shift
	while [ "$1" != -- ]; do
		under+=("$1")
		shift
	done
	shift
	say "$name: tests"
	"${under[@]}" ctest --test-dir "$root/$name" -j "$(jobs_here)" --output-on-failure --no-tests=error "$@" ||
		failed+=("$name: tests")
}

mkdir -p "$root"
export UBSAN_OPTIONS=print_stacktrace=1
browser_tools || skipped+=('browser tests: chromium or the packages of tests/browser could not be installed')
quick=(-LE long)
once=(-LE 'long|browser') # the page is the same by whatever compiler

if command -v clang >/dev/null; then
	build clang -DCMAKE_C_COMPILER=clang && run_tests clang -- "${once[@]}"
fi

build sanitize -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=RelWithDebInfo -DNV_SANITIZE=address,undefined &&
	run_tests sanitize -- "${once[@]}" &&
	{ [ "$long" = no ] || run_tests sanitize -- -V -R '^(faults_all|soak)$'; }

# ThreadSanitizer wants its own address layout, which kernels with much randomisation deny: setarch -R turns that off.
fixed=(setarch "$(uname -m)" -R)
"${fixed[@]}" true 2>/dev/null || fixed=()
if build threads -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=RelWithDebInfo -DNV_SANITIZE=thread; then
	if "${fixed[@]}" "$root/threads/tests/check_error" >/dev/null 2>&1; then
		run_tests threads "${fixed[@]}" -- -L threads "${quick[@]}"
	else
		skipped+=('ThreadSanitizer: its programs do not start on this kernel')
	fi
fi

build gcc -DCMAKE_C_COMPILER=gcc && release=yes || release=no
if [ "$long" = yes ] && [ "$release" = yes ]; then
	if ctest --test-dir "$root/gcc" -N -L long | grep -q 'Total Tests: 0'; then
		skipped+=('long tests: there are none yet')
	else
		run_tests gcc -- -V -L long
	fi
fi
for part in "${skipped[@]}"; do
	say "skipped: $part"
done
[ "$release" = no ] || run_tests gcc -- "${quick[@]}"

[ ${#failed[@]} -eq 0 ] && exit 0
say 'FAILED:'
printf '   %s\n' "${failed[@]}"
exit 1
