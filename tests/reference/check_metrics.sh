#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_metrics.sh DRIVER [CASES]: our figures against scikit-learn's (metrics.py). Status 77: skipped, scikit-learn is missing.
exec /usr/bin/python3 "$(dirname "$0")/metrics.py" "$@"
