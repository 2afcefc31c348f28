#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_docs.sh NEWSVANE BUILD PAGE…: every command of the pages runs (run_docs.py), and docs/options.md is the table of options.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
newsvane=$1 build=$2
shift 2
/usr/bin/python3 -B "$here/check_options.py" "$newsvane"
/usr/bin/python3 -B "$here/run_docs.py" "$newsvane" "$build" "$@"
