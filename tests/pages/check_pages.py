#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# check_pages.py PAGE_TEXT [--all [N SEED]]: makes the pages of make_pages.py, extracts them with the tool, and compares words with the known texts:
# mean F1 of the multisets of words, and how many titles, dates and sources are right. Fails under the bounds below. --all also
# measures python3-readability and `w3m -dump`, where they are installed.
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
LEAST_F1, LEAST_RIGHT = 0.95, 0.95


def words(text):
    return collections.Counter(re.findall(r"[\u3040-\u9fff]|\w+", text.lower()))


def f1(found, known):
    a, b = words(found), words(known)
    same = sum((a & b).values())
    return 2 * same / (sum(a.values()) + sum(b.values())) if same else 0.0


def ours(tool, paths):
    lines = subprocess.run([tool, *paths], capture_output=True, check=True).stdout.decode()
    return [json.loads(line) for line in lines.splitlines()]


def strip_tags(markup):
    import lxml.html
    tree = lxml.html.fromstring(markup or "<p></p>")
    return "\n".join(tree.itertext())


def readability(path):
    from readability import Document
    with open(path, encoding="utf-8") as file:
        return strip_tags(Document(file.read()).summary())


def w3m(path):
    return subprocess.run(["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", path], capture_output=True, check=True).stdout.decode()


def measure(name, texts, known):
    scores = [f1(text, k["text"]) for text, k in zip(texts, known)]
    mean = sum(scores) / len(scores)
    print(f"{name:12} mean F1 {mean:.3f}, worst {min(scores):.3f}, {len(scores)} pages")
    return mean, scores


def others(paths, known):
    for name, extract in (("readability", readability), ("w3m -dump", w3m)):
        try:
            measure(name, [extract(path) for path in paths], known)
        except (ImportError, FileNotFoundError) as error:
            print(f"{name:12} not measured: {error}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, os.path.join(here, "make_pages.py"), folder, *sys.argv[3:]], check=True)
        paths = sorted(glob.glob(os.path.join(folder, "*.html")))
        known = [json.load(open(path[:-5] + ".json", encoding="utf-8")) for path in paths]
        found = ours(sys.argv[1], paths)
        mean, scores = measure("newsvane", [f.get("text", "") for f in found], known)
        failed = mean < LEAST_F1
        for key in ("title", "date", "source"):
            right = sum(f.get(key) == k[key] for f, k in zip(found, known)) / len(known)
            print(f"{key:12} right {right:.3f}")
            failed |= right < LEAST_RIGHT
        for path, score, f in zip(paths, scores, found):
            if score < 0.9:
                print(f"  {os.path.basename(path)} {score:.3f} {f.get('failed', '')}")
        if "--all" in sys.argv:
            others(paths, known)
    return failed


sys.exit(main())
