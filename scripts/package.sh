#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# package.sh [FOLDER]: builds Debian packages into FOLDER (default: packages): newsvane, libnewsvane0, libnewsvane-dev, python3-newsvane.
# The build is in FOLDER/build. NV_MAINTAINER="Name <address>" in the environment: who stands for them.
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

folder=${1:-packages}
# shellcheck disable=SC2086 # a list of words
need $build_packages python3-dev dpkg-dev file
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
{
	cmake -S . -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DNV_TESTS=OFF -DNV_PACKAGES=ON \
		${NV_MAINTAINER:+"-DNV_MAINTAINER=$NV_MAINTAINER"} &&
		cmake --build "$folder/build" -j "$(jobs_here)" &&
		cd "$folder" && cpack --config build/CPackConfig.cmake -B "$folder"
} >"$folder/package.log" 2>&1 || {
	tail -n 40 "$folder/package.log"
	exit 1
}
rm -rf "$folder/_CPack_Packages"
ls "$folder"/*.deb
