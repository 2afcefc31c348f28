# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# common.sh: what demo.sh and test.sh share; to be sourced.

say() { printf '\n== %s\n' "$*"; }

# need PACKAGES…: installs those Debian packages that are missing. Touches no network when all are there.
need() {
	local missing=() package sudo=()
	for package in "$@"; do
		# ${Status}: a removed package is still known to dpkg
		[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing ${missing[*]}"
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || {
			echo "missing packages: ${missing[*]}; install them as root, or install sudo" >&2
			return 1
		}
		sudo=(sudo)
	fi
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
		"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# Jobs for builds and tests: the cores that we may use.
jobs_here() { nproc; }

# shellcheck disable=SC2034 # used by those who source this
build_packages='gcc libc6-dev cmake ninja-build pkg-config libgsl-dev libutf8proc-dev libstemmer-dev libcjson-dev
	zlib1g-dev libzstd-dev liblzma-dev libbz2-dev libxml2-dev libsqlite3-dev'
