#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_killed.py NEWSVANE [MOMENTS [MILLISECONDS]]: ends train over an existing model, and classify --output over an existing file, at
random moments: by SIGKILL (the old file or the whole new one must be there, the next run must succeed and leave no temporary
file) and by SIGINT and SIGTERM (the same without a next run, and within MILLISECONDS, default 10000), which end eval and crossval
too. Each kind at MOMENTS moments (default 20), half of them of train, half of the other commands. Prints the median and the
longest time to an end."""

import glob
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")


class Command:
    """A command that writes one file: what it writes when left alone, and how long that takes."""

    def __init__(self, name, argv, output):
        self.name, self.argv, self.output = name, argv, output
        self.seconds = min(self.run_whole() for _ in range(3))
        with open(output, "rb") as file:
            self.whole = file.read()
        assert self.whole, name

    def start(self):
        return subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run_whole(self):
        began = time.monotonic()
        process = self.start()
        _, said = process.communicate()
        assert process.returncode == 0, (self.name, process.returncode, said)
        return time.monotonic() - began

    def make_old(self):
        with open(self.output, "wb") as file:
            file.write(b"what was there before")

    def temporary(self):
        return glob.glob(self.output + ".newsvane-tmp.*")

    def check_output(self, when):
        with open(self.output, "rb") as file:
            found = file.read()
        assert found in (b"what was there before", self.whole), f"{self.name}, {when}: half a file, {len(found)} bytes"
        return found == self.whole


def end_by(command, number, at):
    """Sends the signal `at` seconds after the start; the seconds from then to the end, and the exit status."""
    command.make_old()
    process = command.start()
    time.sleep(at)
    sent = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate()
    return time.monotonic() - sent, process.returncode, said


def kill(command, moments, chance):
    left = whole = 0
    for _ in range(moments):
        # Half of the moments lie near the end, where files are put in place.
        at = chance.uniform(*chance.choice(((0, 1), (0.8, 1.2)))) * command.seconds
        _, status, _ = end_by(command, signal.SIGKILL, at)
        assert status in (0, -signal.SIGKILL), (command.name, status)
        whole += command.check_output(f"killed after {at:.4f} s")
        left += bool(command.temporary())
        if command.temporary():
            command.run_whole()
            assert not command.temporary(), f"{command.name}: the next run left {command.temporary()}"
            assert command.check_output("run again"), command.name
    command.run_whole()
    assert command.check_output("at the end") and not command.temporary()
    print(f"{command.name} of {command.seconds:.2f} s: killed at {moments} moments; the new file was there {whole} times, a temporary one {left} times")


def interrupt(command, moments, limit, chance):
    times = []
    for i in range(moments):
        number = (signal.SIGINT, signal.SIGTERM)[i % 2]
        at = chance.uniform(0.01, 1.1 * command.seconds)
        took, status, said = end_by(command, number, at)
        # A signal before the program has begun to watch, or after its end, finds the system's default or nobody.
        assert status in (0, -number), (command.name, number, at, status, said)
        command.check_output(f"signal {number} after {at:.4f} s")
        assert not command.temporary(), (command.name, number, at)
        assert took < limit, f"{command.name}: signal {number} after {at:.4f} s took {took:.3f} s"
        times.append(took)
    print(f"{command.name}: interrupted at {moments} moments; an end took {1000 * statistics.median(times):.0f} ms in the median, {1000 * max(times):.0f} ms at most")


def main():
    program = os.path.abspath(sys.argv[1])
    moments = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    limit = float(sys.argv[3]) / 1000 if len(sys.argv) > 3 else 10.0
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        articles = os.path.join(folder, "articles.jsonl")
        model, output = os.path.join(folder, "model"), os.path.join(folder, "output")
        with open(os.path.join(FIXTURES, "desk.jsonl"), "rb") as file:
            lines = file.read()
        with open(articles, "wb") as file:
            file.write(lines * 100)
        schema = os.path.join(FIXTURES, "desk.json")
        train = Command("train", [program, "train", "--threads", "2", "--schema", schema, "--model", model, articles], model)
        used = os.path.join(folder, "used")
        with open(used, "wb") as file:
            file.write(train.whole)
        classify = Command("classify", [program, "classify", "--threads", "2", "--model", used, "--explain", "5", "--output", output,
                                        articles], output)
        report = os.path.join(folder, "report.json")
        judge = Command("eval", [program, "eval", "--threads", "2", "--model", used, "--json", report, articles], report)
        fold = Command("crossval", [program, "crossval", "--threads", "2", "--folds", "3", "--schema", schema, "--json", report,
                                    os.path.join(FIXTURES, "desk.jsonl")], report)
        for command in (train, classify):
            kill(command, moments // 2, chance)
            interrupt(command, moments // 2, limit, chance)
        for command in (judge, fold):
            interrupt(command, (moments + 3) // 4, limit, chance)


main()
