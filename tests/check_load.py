#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_load.py NEWSVANE [ARTICLES]: classify over a pipe without end: ARTICLES short articles (default 24 million; records without ids, which
become <stdin>:LINE), then a line of one gigabyte; and training on more labels than memory has room for. Every article must give its line in its place, and memory must not grow
from the first tenth to the end. Prints counts, rate and memory."""

import os
import subprocess
import sys
import tempfile
import threading
import time

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
TEXTS = ("The keeper saved a penalty.", "Rain and wind from the west.", "Simmer the onions in butter.", "Nothing to see here.")


def resident(pid, name="VmRSS"):
    """Kilobytes; VmHWM: the most there were."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


def train(program, folder):
    model = os.path.join(folder, "model")
    subprocess.run([program, "train", "--schema", os.path.join(FIXTURES, "desk.json"), "--model", model,
                    os.path.join(FIXTURES, "desk.jsonl")], check=True, stderr=subprocess.DEVNULL)
    return model


def start(program, model, errors):
    return subprocess.Popen([program, "classify", "--model", model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)


def feed(process, pieces):
    """Writes the pieces and closes the input, on a thread of its own."""

    def write():
        with process.stdin as pipe:
            for piece in pieces:
                pipe.write(piece)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def many(program, model, errors, n):
    block_lines = 4000
    block = b"".join(b'{"text": "%s"}\n' % TEXTS[i % len(TEXTS)].encode() for i in range(block_lines))
    blocks = n // block_lines
    n = blocks * block_lines
    process = start(program, model, errors)
    began = time.monotonic()
    thread = feed(process, (block for _ in range(blocks)))
    lines, early, tail, most = 0, 0, b"", 0
    while True:
        piece = process.stdout.read1(1 << 20)
        if not piece:
            break
        lines += piece.count(b"\n")
        tail = (tail + piece)[-4096:]
        most = max(most, resident(process.pid, "VmHWM"))
        if lines < n // 10:
            early = most
    thread.join()
    assert process.wait() == 0
    seconds = time.monotonic() - began
    assert lines == n, f"{lines} results of {n} articles"
    last = tail.splitlines()[-1]
    assert last.startswith(b'{"id": "<stdin>:%d"' % n), last
    assert most < early + 8192, f"memory grew from {early} to {most} KB"
    print(f"{n} articles, {len(block) * blocks} bytes in {seconds:.0f} s: each has its line; {most} KB at most, {early} KB in the first tenth")


def one_long_line(program, model, errors):
    process = start(program, model, errors)
    piece = b"x" * (1 << 20)
    pieces = [b'{"text": "'] + [piece] * 1024 + [b'"}\n{"id": "after", "text": "The keeper saved."}\n']
    thread = feed(process, pieces)
    out = process.stdout.read1(1 << 20)
    most = resident(process.pid, "VmHWM")
    out += process.stdout.read()
    thread.join()
    status = process.wait()
    errors.seek(0)
    said = errors.read()
    assert status == 1 and out.count(b"\n") == 1 and out.startswith(b'{"id": "after"'), (status, out[:200])
    assert b"record of more than 67108864 bytes (--max-record)" in said, said
    print(f"a line of {1024 * len(piece)} bytes: a bad record, and the next one is classified; {most} KB at most")


def as_many_labels_as_articles(program, folder):
    """100,000 articles of a label each: what training would need is told before it is asked for."""
    n = 100_000
    need = 10 * n * n
    if os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") > need:
        print(f"{n} labels of {n} articles: skipped, this machine has the memory")
        return
    articles, schema = os.path.join(folder, "many.jsonl"), os.path.join(folder, "many.json")
    with open(articles, "w") as file:
        for i in range(n):
            file.write('{"text": "word%d of an article", "desk": "label%d"}\n' % (i % 1000, i))
    with open(schema, "w") as file:
        file.write('{"tasks": [{"name": "desk", "kind": "multiclass", "field": "desk"}]}')
    began = time.monotonic()
    done = subprocess.run([program, "train", "--schema", schema, "--model", os.path.join(folder, "never"), articles], capture_output=True)
    assert done.returncode == 4 and b"GB of memory" in done.stderr, (done.returncode, done.stderr)
    print(f"{n} labels of {n} articles: refused after {time.monotonic() - began:.1f} s: {done.stderr.decode().strip()}")


def main():
    program = os.path.abspath(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 24_000_000
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "errors"), "w+b") as errors:
        model = train(program, folder)
        many(program, model, errors, n)
        one_long_line(program, model, errors)
        as_many_labels_as_articles(program, folder)


main()
