#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints speed, memory and growth as ratios, in one run: docs/performance.md explains them.
# usage: speed.sh [NEWSVANE [CORPORA [PEERS]]]
#   CORPORA: a folder with twenty_newsgroups (train.jsonl, test.jsonl: text, label); PEERS: a script that measures other programs side by
#   side (peers.py DATASET --systems … --scale K --repeat N --json FILE). What is missing is skipped with a word. Needs python3 and GNU time.
# REPEAT (3): runs of each timing, of which the median counts. PIPE_GB (2): size of the endless input. SIZES ("10000 100000"): training
# articles for the growth; 1000000 takes half an hour of processor time and 8.4 GB of memory. LATENCY: the program of tests/bench/latency.c, built with
# -D NV_BENCH=ON; default: beside NEWSVANE.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=${1:-$root/build/newsvane} corpora=${2:-$root/../shared/corpora} peers=${3:-$root/../shared/bench/peers.py}
set=$corpora/twenty_newsgroups
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export NEWSVANE="$program" CORPORA="$corpora"

[ -e "$set/train.jsonl" ] || { echo "all: skipped, no $set"; exit 0; }
command -v python3 > /dev/null || { echo "all: skipped, no python3"; exit 0; }
[ -x /usr/bin/time ] || { echo "all: skipped, no GNU time"; exit 0; }

if [ ! -e "$peers" ]; then
	echo "peers: skipped, no $peers"
elif ! command -v fasttext > /dev/null || ! /usr/bin/python3 -c 'import sklearn' 2> /dev/null; then
	echo "peers: skipped, fasttext or scikit-learn is not installed"
else
	/usr/bin/python3 "$peers" twenty_newsgroups --systems wc,newsvane,newsvane-nb,fasttext,sklearn-svc,sklearn-nb --scale 10 \
		--repeat "${REPEAT:-3}" --json "$tmp/peers.json"
fi

python3 - "$program" "$set" "$tmp" "${REPEAT:-3}" "${PIPE_GB:-2}" "${SIZES:-10000 100000}" <<'PY'
import json, os, random, statistics, subprocess, sys, time
program, data, tmp = sys.argv[1:4]
repeat, pipe_gb, sizes = int(sys.argv[4]), float(sys.argv[5]), [int(n) for n in sys.argv[6].split()]
path = lambda name: os.path.join(tmp, name)
json.dump({'tasks': [{'name': 'label', 'kind': 'multiclass', 'field': 'label'}]}, open(path('schema'), 'w'))
train = ['train', '--schema', path('schema')]

def timed(args, stdin=None):
    """Wall seconds, processor seconds, peak MB of one run of the program."""
    with open(path('log'), 'wb') as log:
        p = subprocess.Popen(['/usr/bin/time', '-q', '-o', path('time'), '-f', '%e %U %S %M', program, *args], stdin=subprocess.PIPE if stdin else None,
                             stdout=subprocess.DEVNULL, stderr=log)
        start = time.perf_counter()
        for block in stdin or ():
            p.stdin.write(block)
        if stdin: p.stdin.close()
        p.wait(); wall = time.perf_counter() - start
    if p.returncode: sys.exit('%s: exit %d\n%s' % (' '.join(args), p.returncode, open(path('log'), errors='replace').read()[-2000:]))
    e, u, s, m = map(float, open(path('time')).read().split())
    return wall if stdin else e, u + s, m / 1024

def median(runs):
    return [statistics.median(r[i] for r in runs) for i in range(3)]

def in_turn(*commands):
    """Medians of several commands, run in turn, so that what else the machine does meets all alike."""
    runs = [[timed(c) for c in commands] for _ in range(repeat)]
    return [median([r[i] for r in runs]) for i in range(len(commands))]

def size(name):
    return os.path.getsize(name) / 2**20

# 1, 2: peers
svc = None
if os.path.exists(path('peers.json')):
    r = json.load(open(path('peers.json'))); nv = r['newsvane']; svc = r['sklearn-svc']
    print('classify, MB/s against: wc %.2f (goal 0.75), fastText %.1f (25), scikit-learn svc %.1f (25)' % tuple(nv['mb_s'] / r[s]['mb_s'] for s in ('wc', 'fasttext', 'sklearn-svc')))
    print('train, wall against scikit-learn: with calibration %.2f (goal 1), naive Bayes %.3f (0.1); peak memory %.2f (0.5)'
          % (nv['train'][0] / svc['train'][0], r['newsvane-nb']['train'][0] / r['sklearn-nb']['train'][0], nv['train'][2] / svc['train'][2]))

# 6: threads; 2: without calibration
rows = [json.loads(l) for l in open(data + '/train.jsonl', encoding='utf-8')]
line = lambda r: json.dumps({'text': r['text'], 'label': r['label']}, ensure_ascii=False) + '\n'
open(path('train.jsonl'), 'w', encoding='utf-8').writelines(map(line, rows))
test = ''.join(line(json.loads(l)) for l in open(data + '/test.jsonl', encoding='utf-8')).encode()
open(path('test.jsonl'), 'wb').write(test * 10)
model = path('model')
off, one, two = in_turn([*train, '--model', path('off'), '--calibrate', 'off', path('train.jsonl')],
                        [*train, '--model', model, '--threads', '1', path('train.jsonl')], [*train, '--model', model, '--threads', '2', path('train.jsonl')])
if svc: print('train --calibrate off: %.2f of scikit-learn svc (goal 0.33)' % (off[0] / svc['train'][0]))
print('train, 2 threads against 1: %.2f (goal 1.6); processor time %.1f s, peak %.0f MB' % (one[0] / two[0], two[1], two[2]))
one, two = in_turn(*[['classify', '--model', model, '--threads', n, path('test.jsonl')] for n in '12'])
print('classify, 2 threads against 1: %.2f (goal 1.8); %.1f MB for a second of processor time' % (one[0] / two[0], len(test) * 10 / 1e6 / two[1]))

# 3: memory
block = test[:test.rindex(b'\n', 0, 8 << 20) + 1]
small = timed(['classify', '--model', model, '-'], [block])[2]
large = timed(['classify', '--model', model, '-'], (block for _ in range(int(pipe_gb * 2**30 / len(block)))))[2]
print('classify, peak above the model file: %.0f MB for %.0f MB, %.0f MB for %.1f GB through a pipe (goal 64)'
      % (small - size(model), len(block) / 2**20, large - size(model), pipe_gb))

# 4: start
big, record = path('big'), line(rows[0]).encode()
timed([*train, '--model', big, '--algorithm', 'nb', '--ngram-min-df', '1', '--calibrate', 'off', path('train.jsonl')])
def start(args, stdin):
    t = time.perf_counter()
    subprocess.run([program, *args], input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return 1e3 * (time.perf_counter() - t)
least = lambda args, stdin: min(start(args, stdin) for _ in range(20))
print('start, model of %.0f MB, least of 20: first article %.1f ms, inspect %.1f ms (goal 20)'
      % (size(big), least(['classify', '--threads', '1', '--model', big, '-'], record), least(['inspect', big], b'')))

# 5: growth. An article is made of lines of real ones of one label, drawn with a seed, as long as a real one drawn with it.
lines = {}
for r in rows: lines.setdefault(r['label'], []).extend(l for l in r['text'].split('\n') if l.strip())
def make(n, name):
    rng = random.Random(n)
    with open(name, 'w', encoding='utf-8') as f:
        for _ in range(n):
            r = rng.choice(rows); pool = lines[r['label']]; left = len(r['text']); text = []
            while left > 0: text.append(rng.choice(pool)); left -= len(text[-1]) + 1
            f.write(line({'text': '\n'.join(text), 'label': r['label']}))
figures = []
for n in sizes:
    made = path('made.jsonl'); make(n, made); figures.append(timed([*train, '--model', path('m'), made])); os.remove(made)
    print('train on %d made articles: %.2f ms of wall, %.2f ms of processor time and %.1f KB of peak memory an article'
          % (n, *(1e3 * x / n for x in figures[-1][:2]), 1024 * figures[-1][2] / n), flush=True)
if len(sizes) > 1: print('growth from %d to %d: time %.2f, memory %.2f (goal at most 1.3)' % (sizes[0], sizes[-1], *(figures[-1][i] * sizes[0] / figures[0][i] / sizes[-1] for i in (0, 2))))

# 7: one article
open(path('text'), 'wb').write('\n'.join(r['text'] for r in rows[:4000]).encode())
latency = os.environ.get('LATENCY') or os.path.join(os.path.dirname(program), 'latency')
if os.path.exists(latency): subprocess.run([latency, model, path('text')], check=True)
else: print('one article: skipped, no %s (configure with -D NV_BENCH=ON)' % latency)
PY
