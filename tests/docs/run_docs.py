# SPDX-License-Identifier: Apache-2.0
"""run_docs.py NEWSVANE BUILD PAGE…: runs what the pages show. Per page, in a scratch folder of its own: the ```sh blocks in one bash that
stops at the first failure, with newsvane on the PATH and SOURCE set; ```sql blocks against results.db, and ```python blocks in one
interpreter, with tech.model, texts and labels there. A README's indented lines "$ newsvane …" are run too. Each block must succeed."""

import os
import re
import subprocess
import sys
import tempfile

newsvane, build, pages = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]
source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
PROMPT = re.compile(r"^    \$ (newsvane .*)$", re.M)

# What the sql and python blocks presume.
PREPARE = """
newsvane train --model tech.model "$SOURCE/data/corpus/tech_policy.jsonl"
newsvane classify --model tech.model --to sqlite --output results.db "$SOURCE/data/examples/examples.jsonl"
"""
PRELUDE = """
import json
with open(SOURCE + "/tests/fixtures/desk.jsonl", encoding="utf-8") as file:
    records = [json.loads(line) for line in file]
texts, labels = [r["text"] for r in records], [r["desk"] for r in records]
"""


def run(what, argv, text, folder):
    environment = dict(os.environ, SOURCE=source, PATH=f"{folder}/bin:{os.environ['PATH']}", PYTHONPATH=f"{build}/python", LC_ALL="C.UTF-8")
    done = subprocess.run(argv, input=text, cwd=f"{folder}/work", env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{what} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def shell(page, text, folder):
    run(page, ["bash", "-eu", "-o", "pipefail"], text, folder)


def queries(page, blocks, folder):
    script = "import sqlite3, sys\nfor row in sqlite3.connect('results.db').execute(sys.stdin.read()): print(row)"
    for block in blocks:
        run(f"{page}: {block}", [sys.executable, "-c", script], block, folder)


def has_estimator():
    return os.path.isdir(f"{build}/python") and subprocess.run([sys.executable, "-c", "import sklearn"], capture_output=True).returncode == 0


def check(page, folder):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    blocks = [(match[1], match[2]) for match in FENCE.finditer(text)]
    parts = {kind: [body for name, body in blocks if name == kind] for kind in ("sh", "sql", "python")}
    os.makedirs(f"{folder}/bin")
    os.makedirs(f"{folder}/work")
    os.symlink(newsvane, f"{folder}/bin/newsvane")
    os.symlink(f"{source}/data", f"{folder}/work/data")
    commands = parts["sh"] + [match[1] + "\n" for match in PROMPT.finditer(text)]
    if parts["sql"] or parts["python"]:
        shell(f"{page}: preparation", PREPARE, folder)
    shell(page, "\n".join(commands), folder)
    queries(page, parts["sql"], folder)
    if parts["python"] and has_estimator():
        run(page, [sys.executable, "-"], f"SOURCE = {source!r}\n{PRELUDE}\n" + "\n".join(parts["python"]), folder)
    elif parts["python"]:
        print(f"{page}: python blocks left out: no Python package or no scikit-learn here")
    print(f"{page}: {len(commands)} shell, {len(parts['sql'])} sql and {len(parts['python'])} python blocks")
    return sum(map(len, parts.values())) + len(commands)


total = 0
for page in pages:
    with tempfile.TemporaryDirectory() as folder:
        total += check(os.path.join(source, page), folder)
if total == 0:
    sys.exit("no page has a block to run")
