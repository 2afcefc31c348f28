#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# crawl.py BUILD_FOLDER [MEGABYTES [THREADS]]: makes a .warc.gz of that size (default 1000) of the pages that tests/pages makes, each record its
# own member of gzip, and measures classify on a tenth of it and on all of it: megabytes of pages a second, a second of processor time,
# and peak memory. In the same run, before and after, the HTML parser's own throughput over the same pages (parsing.c). The build needs
# -DNV_BENCH=ON. Everything is in a scratch folder that is removed.
import os
import subprocess
import sys
import tempfile
import time
import zlib

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "pages"))
import make_pages  # noqa: E402

DIFFERENT = 2000  # pages; they repeat


def gzip_member(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def record(body, number):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    return gzip_member(f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://desk.example/{number}\r\n"
                       f"WARC-Date: 2021-03-04T10:00:00Z\r\nContent-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n")


def pages():
    out = []
    seed = 1
    while len(out) < DIFFERENT:
        out += [make_pages.page(a, i, seed)[2].encode() for i, a in enumerate(make_pages.articles(250, seed))]
        seed += 1
    return out[:DIFFERENT]


def make(folder, wanted):
    """The crawl's file, and the bytes of its pages."""
    bodies = pages()
    with open(os.path.join(folder, "pages"), "wb") as file:
        for body in bodies:
            file.write(b"%d\n" % len(body) + body)
    records = [record(body, i) for i, body in enumerate(bodies)]
    path = os.path.join(folder, f"{wanted}.warc.gz")
    size = count = html = 0
    with open(path, "wb") as file:
        while size < wanted * 1000000:
            i = count % len(records)
            size += file.write(records[i])
            html += len(bodies[i])
            count += 1
    print(f"{wanted} MB: {count} pages, {html / 1e6:.0f} MB of HTML")
    return path, html


def peak_memory(pid):
    """In KiB. What the kernel tells of an ended child counts this program's memory before the exec."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return max((int(line.split()[1]) for line in file if line.startswith("VmHWM")), default=0)
    except OSError:
        return 0


def classify(newsvane, folder, path, html, threads):
    start = time.monotonic()
    process = subprocess.Popen([newsvane, "classify", "--model", os.path.join(folder, "model"), "--threads", str(threads),
                                "--output", "/dev/null", path], stderr=subprocess.DEVNULL)
    peak = 0
    while not (done := os.wait4(process.pid, os.WNOHANG))[0]:
        peak = max(peak, peak_memory(process.pid))
        time.sleep(0.02)
    _, status, usage = done
    wall, cpu = time.monotonic() - start, usage.ru_utime + usage.ru_stime
    if status:
        sys.exit(f"classify ended with {status}")
    print(f"classify {os.path.basename(path)}: {html / 1e6 / wall:.1f} MB/s, {html / 1e6 / cpu:.1f} MB/s a second of processor time, "
          f"peak {peak / 1024:.1f} MB")
    return html / 1e6 / cpu


def parse(build, folder, threads):
    out = subprocess.run([os.path.join(build, "parsing"), os.path.join(folder, "pages"), str(threads)], stdout=subprocess.PIPE, check=True)
    found = {}
    for line in out.stdout.decode().splitlines():
        name, wall, cpu = line.split()
        found[name] = float(cpu)
        print(f"libxml2, {name}: {wall} MB/s, {cpu} MB/s a second of processor time")
    return found


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: crawl.py BUILD_FOLDER [MEGABYTES [THREADS]]")
    build = os.path.abspath(sys.argv[1])
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    newsvane = os.path.join(build, "newsvane")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([newsvane, "train", "--model", os.path.join(folder, "model"),
                        os.path.join(here, "..", "..", "data", "corpus", "tech_policy.jsonl")], check=True, stderr=subprocess.DEVNULL)
        small, large = make(folder, max(wanted // 10, 1)), make(folder, wanted)
        before = parse(build, folder, threads)
        classify(newsvane, folder, *small, threads)
        speed = classify(newsvane, folder, *large, threads)
        after = parse(build, folder, threads)
    for name in before:
        print(f"classify against the parser, {name}: {2 * speed / (before[name] + after[name]):.2f}")


if __name__ == "__main__":
    main()
