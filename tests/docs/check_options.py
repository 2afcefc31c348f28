# SPDX-License-Identifier: Apache-2.0
"""check_options.py NEWSVANE: docs/options.md has a row for every option of every command's --help, with its value and default, and none else."""

import os
import re
import subprocess
import sys

page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/options.md")
ROW = re.compile(r"^\| `--([a-z0-9-]+)(?: ([^`]+))?` \| (?:`([^`]*)`|(none|required)) \| (.+) \|$", re.M)


def program(*args):
    return subprocess.run([sys.argv[1], *args], capture_output=True, text=True, check=True).stdout


def options_of(command):
    """{(name, value, default)} as --help prints them."""
    found = set()
    for part in re.split(r"^  --", program(command, "--help"), flags=re.M)[1:]:
        part = part.split("\n\n")[0]
        name, value = re.match(r"([a-z0-9-]+)(?: (\S+))?(?:  |\n|$)", part).groups()
        default = re.search(r"\(default ([^ )]+)\)$", " ".join(part.split()))
        found.add((name, value, default and default[1]))
    return found


def shown(option):
    name, value, default = option
    return f"--{name} {value or ''} (default {default or 'none'})"


commands = re.findall(r"^  ([a-z]+) ", program("help").split("commands:")[1].split("\n\n")[0], re.M)
said = set().union(*(options_of(command) for command in commands if command != "help"))
with open(page, encoding="utf-8") as file:
    written = {(name, value.replace("\\|", "|") or None, default or None) for name, value, default, _, _ in ROW.findall(file.read())}
wrong = [f"the page lacks {shown(option)}" for option in sorted(said - written, key=shown)]
wrong += [f"the program lacks {shown(option)}" for option in sorted(written - said, key=shown)]
if wrong or len(said) < 10:
    sys.exit("docs/options.md:\n" + "\n".join(wrong))
print(f"docs/options.md: {len(said)} options, as in the table")
