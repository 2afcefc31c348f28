#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# check_formats.py NEWSVANE: the first 200 articles of data/corpus, written in every input format, must come to the same predictions to the
# last byte. Formats with one article a file name the articles after their files: there the ids are left out of the comparison.
import bz2
import csv
import datetime
import email.utils
import gzip
import html
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
fields = ["id", "title", "text", "date", "source"]


def table(rows, delimiter):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(fields)
    writer.writerows([row[f] for f in fields] for row in rows)
    return out.getvalue().encode()


def page(row):
    body = "".join(f"<p>{html.escape(part)}</p>\n" for part in row["text"].split("\n\n"))
    return (f"<!doctype html><html><head><meta charset=utf-8><title>{html.escape(row['title'])}</title>"
            f"<meta property='og:title' content='{html.escape(row['title'], quote=True)}'></head>"
            f"<body><nav><a href=/>Home</a></nav><article>\n{body}</article></body></html>").encode()


def warc(rows):
    out = b""
    for row in rows:
        body = page(row)
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        out += gzip.compress((f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {row['id']}\r\nWARC-Date: {row['date']}T00:00:00Z\r\n"
                              f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n").encode() + http + b"\r\n\r\n")
    return out


def feed_rss(rows, full):
    """full: the text as HTML in content:encoded; otherwise as it is in the description."""
    items = ""
    for row in rows:
        body = "".join(f"<p>{html.escape(part)}</p>\n" for part in row["text"].split("\n\n"))
        text = f"<description>Short.</description><content:encoded>{html.escape(body)}</content:encoded>" if full else (
            f"<description>{html.escape(html.escape(row['text'], quote=False))}</description>")
        items += (f"<item><title>{html.escape(row['title'])}</title><guid>{row['id']}</guid>"
                  f"<pubDate>{email.utils.format_datetime(datetime.datetime.fromisoformat(row['date']))}</pubDate>{text}</item>\n")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
            f"<channel><title>Corpus</title>\n{items}</channel></rss>\n").encode()


def feed_atom(rows, kind):
    entries = ""
    for row in rows:
        body = "".join(f"<p>{html.escape(part)}</p>\n" for part in row["text"].split("\n\n"))
        text = {"text": html.escape(row["text"]), "html": html.escape(body),
                "xhtml": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}[kind]
        entries += (f"<entry><id>{row['id']}</id><title>{html.escape(row['title'])}</title><updated>{row['date']}T00:00:00Z</updated>"
                    f'<content type="{kind}">{text}</content></entry>\n')
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Corpus</title>\n{entries}</feed>\n'.encode()


def feed_rdf(rows):
    items = "".join(f'<item r:about="{row["id"]}"><title>{html.escape(row["title"])}</title><dc:date>{row["date"]}</dc:date>'
                    f"<description>{html.escape(html.escape(row['text'], quote=False))}</description></item>\n" for row in rows)
    return ('<?xml version="1.0" encoding="UTF-16"?>\n<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            f'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n{items}</r:RDF>\n').encode("utf-16")


def write(name, data):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "wb") as file:
        file.write(data)
    return name


def inputs(rows):
    """Name, path, whether ids are kept, other arguments."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    yield "jsonl", write("a.jsonl", lines), True, []
    yield "json", write("a.json", json.dumps(rows).encode()), True, []
    yield "csv", write("a.csv", table(rows, ",")), True, []
    yield "csv with semicolons", write("semicolons.csv", b"\xef\xbb\xbf" + table(rows, ";")), True, []
    yield "tsv", write("a.tsv", table(rows, "\t")), True, []
    yield "csv in UTF-16", write("utf16.csv", table(rows, ",").decode().encode("utf-16")), True, ["--encoding", "utf-16"]
    for suffix, pack in (("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)):
        yield "jsonl." + suffix, write("b.jsonl." + suffix, pack(lines)), True, []
    yield "warc.gz", write("a.warc.gz", warc(rows)), True, []
    yield "rss", write("a.rss", feed_rss(rows, True)), True, []
    yield "rss.gz named .xml, descriptions", write("b.xml.gz", gzip.compress(feed_rss(rows, False))), True, []
    for kind in ("text", "html", "xhtml"):
        yield "atom, " + kind, write(f"{kind}.atom", feed_atom(rows, kind)), True, []
    yield "rdf in UTF-16", write("a.rdf", feed_rdf(rows)), True, []
    for i, row in enumerate(rows):
        write(f"text/{i:03}.txt", f"{row['title']}\n\n{row['text']}\n".encode())
        write(f"pages/{i:03}.html", page(row))
    yield "txt", "text", False, []
    yield "html", "pages", False, []


def run(newsvane, path, other):
    return subprocess.run([newsvane, "classify", "--model", "model", *other, path], stdout=subprocess.PIPE, check=True).stdout.decode()


def main():
    newsvane = os.path.abspath(sys.argv[1])
    with open(os.path.join(here, "..", "data", "corpus", "tech_policy.jsonl"), encoding="utf-8") as file:
        rows = [{f: row[f] for f in fields} for row in map(json.loads, list(file)[:200])]
        file.seek(0)
        corpus = "".join(list(file)[:400])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write("train.jsonl", corpus.encode())
        subprocess.run([newsvane, "train", "--model", "model", "train.jsonl"], check=True)
        known = None
        for name, path, has_ids, other in inputs(rows):
            found = run(newsvane, path, other)
            if not has_ids:
                found = re.sub(r'"id": "[^"]*"', '"id": ""', found)
            want = known if known is None or has_ids else re.sub(r'"id": "[^"]*"', '"id": ""', known)
            known = known or found
            same = want is None or found == want
            failed += not same or found.count("\n") != 200
            print(f"{name}: {'the same' if same else 'DIFFERS'}, {found.count(chr(10))} articles")
        os.chdir("/")
    return failed > 0


sys.exit(main())
