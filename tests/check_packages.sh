#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_packages.sh: builds the Debian packages and has lintian look at them, which may find no error.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/scripts/common.sh"
skip() {
	echo "skipped: $*"
	exit 77
}

"$source/scripts/package.sh" "$scratch/packages"
for name in newsvane libnewsvane0 libnewsvane-dev python3-newsvane; do
	ls "$scratch/packages/${name}"_*.deb >/dev/null || { echo "no package $name"; exit 1; }
done

need lintian >/dev/null 2>&1 || skip 'lintian could not be installed'
say lintian
lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs "$scratch"/packages/*.deb

echo 'packages: built, lintian finds no error'
